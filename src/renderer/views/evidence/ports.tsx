// The two ports on one scale: the client's inside the system's ephemeral range, the server's where the program put it.

import { endsAt } from '../../scene/peers.ts';
import { useRoundLandmarks } from '../../store/derived.ts';
import { usePlayer } from '../../store/cursor.ts';

const WIDTH = 272;
const HIGHEST_PORT = 65_535;

function xOf(port: number): number {
  return (port / HIGHEST_PORT) * WIDTH;
}

/** Keeps a label inside the scale. */
function labelX(port: number): number {
  return Math.min(Math.max(xOf(port), 24), WIDTH - 24);
}

export function Ports() {
  const landmarks = useRoundLandmarks();
  const seq = usePlayer((state) => Math.floor(state.cursor));
  const { client, server, range } = endsAt(landmarks, seq);
  const clientPort = client.endpoint?.port;
  const serverPort = server.endpoint?.port;
  return (
    <section className="card">
      <h3>Ports</h3>
      {range === undefined && serverPort === undefined ? (
        <p className="dim">
          The client&apos;s port and the server&apos;s appear here, and which of them the kernel picked.
        </p>
      ) : (
        <>
          <svg
            className="port-scale"
            viewBox={`0 0 ${WIDTH} 78`}
            role="img"
            aria-label="The ports on a scale from 0 to 65535"
          >
            <rect className="whole" y={34} width={WIDTH} height={8} rx={4} />
            {range === undefined ? null : (
              <rect
                className="range"
                x={xOf(range.from)}
                y={32}
                width={xOf(range.to) - xOf(range.from)}
                height={12}
                rx={3}
              />
            )}
            {clientPort === undefined ? null : (
              <g style={{ color: 'var(--client)' }}>
                <path d={`M${xOf(clientPort)} 30 l-6 -9 h12z`} fill="currentColor" />
                <text x={labelX(clientPort)} y={14} textAnchor="middle" style={{ fill: 'currentColor' }}>
                  {clientPort}
                </text>
              </g>
            )}
            {serverPort === undefined ? null : (
              <g style={{ color: 'var(--server)' }}>
                <rect x={xOf(serverPort) - 5} y={48} width={10} height={10} fill="currentColor" />
                <text x={labelX(serverPort)} y={74} textAnchor="middle" style={{ fill: 'currentColor' }}>
                  {serverPort}
                </text>
              </g>
            )}
          </svg>
          <dl className="facts-list">
            <dt className="client">▼ client</dt>
            <dd>{clientPort === undefined ? 'no port yet' : `${clientPort}, picked by the kernel`}</dd>
            <dt className="server">■ server</dt>
            <dd>
              {serverPort === undefined
                ? 'no port yet'
                : server.requestedPort === 0
                  ? `${serverPort}, any free port was asked for`
                  : `${serverPort}, asked for by the program`}
            </dd>
            {range === undefined ? null : (
              <>
                <dt>range</dt>
                <dd>
                  {range.from}–{range.to}
                  <div className="dim mono" style={{ fontSize: 12 }}>
                    {range.source}
                  </div>
                </dd>
              </>
            )}
          </dl>
        </>
      )}
    </section>
  );
}
