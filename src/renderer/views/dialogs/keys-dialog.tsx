import { COMMANDS } from '../../store/commands.ts';
import { keyName } from '../../store/keys.ts';
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
          {COMMANDS.map(({ id, words, key }) =>
            key === undefined ? null : (
              <tr key={id}>
                <th scope="row">
                  <kbd>{keyName(key)}</kbd>
                </th>
                <td>{words}</td>
              </tr>
            ),
          )}
        </tbody>
      </table>
    </Dialog>
  );
}
