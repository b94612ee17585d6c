import { Search } from 'lucide-react';
import { openFind } from '../../store/find.ts';
import { keyName } from '../../store/keys.ts';
import { Button } from '../../ui/button.tsx';

/** Opens the field "Find", for whom the key is not known. */
export function FindButton() {
  const words = 'Find in the run';
  return (
    <Button
      icon={Search}
      look="plain"
      iconOnly
      title={`${words} (${keyName('Mod+F')})`}
      onClick={() => {
        openFind();
      }}
    >
      {words}
    </Button>
  );
}
