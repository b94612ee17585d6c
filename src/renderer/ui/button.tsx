// The one button: an icon with words beside it, or the words as its name where there is only room for the icon.

import type { LucideIcon } from 'lucide-react';
import type { ComponentProps, ReactNode } from 'react';
import './button.css';

interface ButtonProps extends Omit<ComponentProps<'button'>, 'children' | 'className'> {
  readonly icon?: LucideIcon;
  readonly look?: 'normal' | 'primary' | 'plain';
  readonly size?: 'normal' | 'large';
  /** The words are the accessible name and the tooltip; only the icon is drawn. */
  readonly iconOnly?: boolean;
  readonly children: ReactNode;
}

export function Button({
  icon: Icon,
  look = 'normal',
  size = 'normal',
  iconOnly = false,
  children,
  ...rest
}: ButtonProps) {
  const classes = ['button', look, size, iconOnly ? 'icon-only' : ''].filter(
    (name) => name !== 'normal' && name !== '',
  );
  return (
    <button
      type="button"
      {...rest}
      className={classes.join(' ')}
      {...(iconOnly && typeof children === 'string'
        ? { 'aria-label': children, title: rest.title ?? children }
        : {})}
    >
      {Icon === undefined ? null : <Icon size={size === 'large' ? 20 : 16} aria-hidden strokeWidth={2} />}
      {iconOnly ? null : children}
    </button>
  );
}
