// The one button: an icon with words beside it, or the words as its name where there is only room for the icon.

import type { LucideIcon } from 'lucide-react';
import type { ComponentProps, MouseEvent, ReactNode } from 'react';
import './button.css';

interface ButtonProps extends Omit<ComponentProps<'button'>, 'children' | 'className'> {
  readonly icon?: LucideIcon;
  readonly look?: 'normal' | 'primary' | 'plain';
  readonly size?: 'normal' | 'large';
  /** The words are the accessible name and the tooltip; only the icon is drawn. */
  readonly iconOnly?: boolean;
  readonly children: ReactNode;
}

/**
 * Releases the focus after a click of the mouse, so that Space still means play and pause. After a press of a key
 * (`detail` is 0 then) the focus stays.
 */
function giveFocusBack(event: MouseEvent<HTMLButtonElement>): void {
  if (event.detail > 0) event.currentTarget.blur();
}

export function Button({
  icon: Icon,
  look = 'normal',
  size = 'normal',
  iconOnly = false,
  children,
  onClick,
  ...rest
}: ButtonProps) {
  const classes = ['button', look, size, iconOnly ? 'icon-only' : ''].filter(
    (name) => name !== 'normal' && name !== '',
  );
  return (
    <button
      type="button"
      {...rest}
      onClick={(event) => {
        giveFocusBack(event);
        onClick?.(event);
      }}
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
