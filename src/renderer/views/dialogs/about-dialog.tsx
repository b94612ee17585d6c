import { showDialog, useRun } from '../../store/run.ts';
import { Dialog } from '../../ui/dialog.tsx';

export function AboutDialog() {
  const open = useRun((state) => state.dialog === 'about');
  const app = useRun((state) => state.app);
  return (
    <Dialog
      title="About SocketScope"
      open={open}
      onClose={() => {
        showDialog(undefined);
      }}
    >
      <p className="dim">A real server, a real client, every fact recorded. MIT licence.</p>
      {app === undefined ? null : (
        <table>
          <tbody>
            <Version name="SocketScope" value={app.versions.app} />
            <Version
              name="Electron"
              value={`${app.versions.electron ?? 'unknown'}${app.standInRuntime ? ' (a stand-in, for building and testing only)' : ''}`}
            />
            <Version name="Chromium" value={app.versions.chromium ?? 'unknown'} />
            <Version name="Node" value={app.versions.node} />
            <Version name="System" value={`${app.versions.platform} ${app.versions.arch}`} />
            <Version name="Logs" value={app.logFolder} />
          </tbody>
        </table>
      )}
    </Dialog>
  );
}

function Version({ name, value }: { readonly name: string; readonly value: string }) {
  return (
    <tr>
      <th scope="row" className="dim">
        {name}
      </th>
      <td className="mono">{value}</td>
    </tr>
  );
}
