// Everything that crosses the bridge, as types: the calls the window makes and what main pushes to it.
// bridge/calls.ts answers the calls, preload/index.ts passes them on, renderer/store subscribes to the pushes.

import type { ExperimentName, OptionValues } from './experiments/definitions.ts';
import type { RunCounts } from './trace/counts.ts';
import type { Problem, Result } from './result.ts';
import type { ReversalUnit, RuntimeVersions, TraceEvent } from './trace/fact.ts';

/** Lines whose facts are pushed to the window as they happen; later lines are counted, and sent when asked for. */
export const DETAILED_LINES = 2_000;

/** Bytes of one write that a pushed fact carries (all of what `boundaries` may send); `run:fact` brings more. */
export const PUSHED_DATA_BYTES = 4_096;

/** The most bytes of data that `run:fact` brings: all of most lines. A line can be larger than what a window can show. */
export const MAX_FACT_DATA_BYTES = 1024 * 1024;

/** The most facts that one `run:facts` call brings. */
export const MAX_FACTS_A_CALL = 5_000;

/** The most of an error that the window brings to the log. */
export const MAX_LOGGED_CHARACTERS = 16_384;

export type Theme = 'system' | 'light' | 'dark';

/** The person's settings: the options of the experiments, and what concerns the window and the machine. */
export interface Settings extends OptionValues {
  /** Light or dark, or as the system has it. */
  readonly theme: Theme;
  /** The name of the built-in sample, such as `in-proj.txt`; a file of the user's keeps its own. */
  readonly inputName: string;
  /** The name that the result is offered under; empty where it is made from the input's. */
  readonly outputName: string;
  /** Whether the servers of `welcome`, `string` and `file` listen on every IPv4 address of this machine. */
  readonly openToNetwork: boolean;
  /** False until the guide of the first start was gone through or skipped. */
  readonly guideDone: boolean;
}

/** What the window may change by itself. It closes what is open to the network; to open it, it has to ask: `network:open`. */
export type SettingsChange = Partial<Omit<Settings, 'openToNetwork'>> & { readonly openToNetwork?: false };

/** One run of `ports`, as it is remembered from start to start. */
export interface PastPorts {
  /** Wall clock, ISO 8601. */
  readonly startedAt: string;
  readonly serverPort: number;
  readonly clientPorts: readonly number[];
  /** The system's range of ephemeral ports at that time, where it could be read. */
  readonly range?: { readonly from: number; readonly to: number };
}

/** What there is to save of a run. */
export interface RunResult {
  /** The name it is offered under, such as `out-proj.txt`. */
  readonly name: string;
  readonly bytes: number;
  /** False where the run failed or was cancelled: this is the part that came back. */
  readonly complete: boolean;
}

export interface RunInfo {
  /** Counts up with every run shown since the window opened; pushes of an earlier run carry its number and are dropped. */
  readonly run: number;
  /** `live`: the sockets are here. `opened`: replayed from a trace file, no network. */
  readonly origin: 'live' | 'opened';
  readonly experiment: ExperimentName;
  /** The input's name, such as `in-proj.txt`. */
  readonly inputName: string;
  readonly inputBytes: number;
  /** The built-in sample, and no file of the user's. */
  readonly sample: boolean;
  /** The name of the trace file, where it was opened from one. */
  readonly traceName?: string;
}

export interface AppInfo {
  readonly versions: RuntimeVersions;
  /** True where the app runs on the stand-in Electron that is for building and testing only. */
  readonly standInRuntime: boolean;
  readonly settings: Settings;
  /** The file that is ready to run: the sample until a file was opened. */
  readonly input: InputInfo;
  /** The newest first. */
  readonly recent: readonly RecentFile[];
  readonly logFolder: string;
}

/** A file that was opened, or a run that was opened or saved, not long ago. */
export interface RecentFile {
  /** What the window calls it by: it gives no paths. */
  readonly id: number;
  readonly name: string;
  /** Where it lies, for two files of the same name. */
  readonly folder: string;
  readonly kind: 'input' | 'run';
}

export interface InputInfo {
  readonly name: string;
  readonly bytes: number;
  readonly sample: boolean;
  /** Shown where a person has to know which of two files of the same name it is. */
  readonly folder: string;
}

/** Something said to the person: a failure, or what just happened. `offer` is a button below the sentence. */
export interface Notice {
  readonly tone: 'error' | 'done';
  readonly text: string;
  readonly problem?: Problem;
  /** A second button, for a port that somebody has: run again and wait for it. */
  readonly canWait?: true;
  readonly offer?: 'use-a-free-port' | 'save-what-came-back' | 'cancel-and-run' | 'show-in-folder';
}

/** One text reversed in each of the three ways by the code that the server uses. Bytes that are no text come in hex. */
export type ReversedEachWay = Readonly<
  Record<ReversalUnit, { readonly text?: string; readonly hex: string }>
>;

/** The calls of the window, by channel. Each is answered only to the window's own frame and only if it fits its schema. */
export interface Calls {
  /** The window is ready: main sends its port, and the file given on the command line (if any) is run. */
  'app:ready': () => AppInfo;
  /**
   * Runs an experiment, `file` (the current input) unless another is named; its options come from the settings.
   * `port` replaces the setting for this run; with `wait` a port that somebody has is waited for until the run is
   * cancelled. A run under way is not disturbed: `busy`.
   */
  'run:start': (request: {
    readonly experiment?: ExperimentName;
    readonly port?: number;
    readonly wait?: true;
  }) => Result<RunInfo>;
  /** Cancels the run under way; what came back until then is kept. */
  'run:cancel': () => void;
  /** Cancels the run under way, waits for its end, and opens the file that had to wait for it. */
  'run:cancel-and-run': () => Result<void>;
  /** Facts `fromSeq` to `toSeq`, both included, at most MAX_FACTS_A_CALL of them, their data cut as in a push. */
  'run:facts': (range: {
    readonly run: number;
    readonly fromSeq: number;
    readonly toSeq: number;
  }) => Result<readonly TraceEvent[]>;
  /** The `seq` of the client's write of a line, or undefined where it has not been sent or not been kept. */
  'run:seq-of-line': (request: { readonly run: number; readonly line: number }) => number | undefined;
  /** One fact, its data whole up to MAX_FACT_DATA_BYTES and in `leftOutBytes` how many more there are. */
  'run:fact': (request: { readonly run: number; readonly seq: number }) => Result<TraceEvent>;
  /** The window shows this experiment: a file that is opened now is run by it, where it reads one. */
  'experiment:choose': (request: { readonly experiment: ExperimentName }) => void;
  /** Asks for a file in the system's dialog and opens it: an input is run, a trace is shown. Undefined: dismissed. */
  'file:choose': () => Result<void>;
  /** Opens a recent file as if it had been chosen; one that is gone is forgotten, with its sentence. */
  'file:open-recent': (request: { readonly id: number }) => Result<void>;
  /** Forgets all recent files. */
  'file:clear-recent': () => void;
  /**
   * Opens what was dropped: the file's path and 1, or how many there were and no path. It comes from the preload, which
   * alone can turn a dropped file into its path.
   */
  'file:dropped': (dropped: { readonly path: string; readonly count: number }) => Result<void>;
  /** Makes the built-in sample the current input. */
  'file:sample': () => InputInfo;
  /** Saves the result where the system's dialog says. Undefined: dismissed. */
  'result:save': () => Result<string | undefined>;
  /** Begins dragging the result out of the window. Answered only while the mouse's button is down, once a press. */
  'result:drag': () => void;
  /** Saves the trace where the system's dialog says. Undefined: dismissed. */
  'trace:save': () => Result<string | undefined>;
  /** Shows the file saved last in the system's file manager. */
  'file:show-saved': () => void;
  'settings:change': (change: SettingsChange) => Settings;
  /** Everything as it was at the first start. */
  'settings:reset': () => Settings;
  /**
   * Asks the person, in a box of the system's, whether servers may be opened to the network, and turns `openToNetwork` on
   * if they agree. Gives the settings that hold then. A question that is open already is not asked a second time.
   */
  'network:open': () => Settings;
  /** The runs of `ports` that are remembered, oldest first; a new one comes as a push. */
  'ports:history': () => readonly PastPorts[];
  /** Forgets them. */
  'ports:clear': () => readonly PastPorts[];
  /** Writes an error of the page to main's log. */
  'log:error': (error: { readonly text: string }) => void;
  'text:reverse-each-way': (request: { readonly text: string }) => ReversedEachWay;
}

/** What main pushes to the window over its MessagePort, in batches. */
export type Push =
  /** A run begins or a trace was opened: everything shown before it is replaced. */
  | { readonly type: 'run-shown'; readonly info: RunInfo }
  | { readonly type: 'facts'; readonly run: number; readonly facts: readonly TraceEvent[] }
  | { readonly type: 'counts'; readonly run: number; readonly counts: RunCounts }
  /** The run's sockets and files are closed; comes after its last fact. An opened trace is settled at once. */
  | { readonly type: 'run-settled'; readonly run: number; readonly result?: RunResult }
  /** The result of the run shown was saved, or was dragged out of the window. */
  | { readonly type: 'result-taken' }
  /** The current input changed. */
  | { readonly type: 'input'; readonly input: InputInfo }
  /** A setting was changed elsewhere than in the window: in the menu. */
  | { readonly type: 'settings'; readonly settings: Settings }
  | { readonly type: 'recent'; readonly files: readonly RecentFile[] }
  | { readonly type: 'notice'; readonly notice: Notice }
  /** A run of `ports` has ended and is remembered. */
  | { readonly type: 'port-history'; readonly history: readonly PastPorts[] }
  /** The menu asks for something that lives in the window. */
  | { readonly type: 'show'; readonly what: 'keys' | 'about' | 'settings' | 'guide' };

/** What the preload puts on `window.socketScope`. `DroppedFile` is the DOM's `File`, which this room does not know. */
export interface Bridge<DroppedFile> {
  call<Channel extends Exclude<keyof Calls, 'file:dropped'>>(
    channel: Channel,
    ...args: Parameters<Calls[Channel]>
  ): Promise<ReturnType<Calls[Channel]>>;
  /** Opens dropped files: only the preload can turn them into paths, so a page cannot forge one. */
  openDropped(files: readonly DroppedFile[]): Promise<Result<void>>;
  /** The platform, for the names of keys: `darwin`, `linux`, `win32`. */
  readonly platform: string;
}

/** The window message with which the preload hands the MessagePort on to the page. */
export const PORT_MESSAGE = 'socketscope:port';
