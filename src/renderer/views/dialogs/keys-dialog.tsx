import { keyName, KEYS } from '../../store/keys.ts';
import { showDialog, useRun } from '../../store/run.ts';
import { Dialog } from '../../ui/dialog.tsx';

export function KeysDialog() {
  const open = useRun((state) => state.dialog === 'keys');
  return (
    <Dialog
      title="Keys"
      open={open}
      onClose={() => {
        showDialog(undefined);
      }}
    >
      <table>
        <tbody>
          {KEYS.map((binding) => (
            <tr key={binding.does}>
              <th scope="row">
                <kbd>{keyName(binding.keys)}</kbd>
              </th>
              <td>{binding.does}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </Dialog>
  );
}
