// The types of everything that crosses the bridge: the window's calls and main's pushes.

import type { ExperimentName, OptionValues } from './experiments/definitions.ts';
import type { Language, ProgramOptions } from './experiments/programs/program.ts';
import type { MenuCommandId } from './menu-commands.ts';
import type { FindAnswer, FindRequest } from './find/find-answer.ts';
import type { NumbersRequest, RunNumbers } from './numbers/run-numbers.ts';
import type { Note } from './notes.ts';
import type { Panels } from './panels.ts';
import type { OverviewRequest, RunOverview } from './trace/overview.ts';
import type { RunComparison } from './trace/comparison.ts';
import type { TracePage, TraceProgress } from './trace/packed.ts';
import type { Problem, Result } from './result.ts';
import type { ReversalUnit, RunEnded, RuntimeVersions, TraceEvent } from './trace/fact.ts';

/** Bytes of one write that a page carries (all of what `boundaries` may send); `run:fact` returns more. */
export const FACT_DATA_BYTES = 4_096;

/** The most bytes of data that `run:fact` returns: all of most lines. A line can be larger than a window can show. */
export const MAX_FACT_DATA_BYTES = 1024 * 1024;

/** The most characters of an error of the window that are logged. */
export const MAX_LOGGED_CHARACTERS = 16_384;

export type Theme = 'system' | 'light' | 'dark';

/** The person's settings: the options of the experiments, and what concerns the window and the machine. */
export interface Settings extends OptionValues {
  /** Light, dark, or the system's. */
  readonly theme: Theme;
  /** The name of the built-in sample, such as `in-proj.txt`. Does not apply to the person's own files. */
  readonly inputName: string;
  /** The suggested name of the result; empty where it is derived from the input's. */
  readonly outputName: string;
  /** Whether the servers of `welcome`, `string` and `file` listen on every IPv4 address of this machine. */
  readonly openToNetwork: boolean;
  /** Of the programs beside the picture, and of the words for their calls in it. */
  readonly language: Language;
  /** False until the guide of the first start was completed or skipped. */
  readonly guideDone: boolean;
  /** How the window is divided. */
  readonly panels: Panels;
}

/** What the window may change without a question. It may turn `openToNetwork` off; only `network:open` turns it on. */
export type SettingsChange = Partial<Omit<Settings, 'openToNetwork'>> & { readonly openToNetwork?: false };

/** One run of `ports`, as it is kept from start to start. */
export interface PastPorts {
  /** Wall clock, ISO 8601. */
  readonly startedAt: string;
  readonly serverPort: number;
  readonly clientPorts: readonly number[];
  /** The system's range of ephemeral ports at that time, where it could be read. */
  readonly range?: { readonly from: number; readonly to: number };
}

/** The result of a run, which can be saved. */
export interface RunResult {
  /** The suggested name, such as `out-proj.txt`. */
  readonly name: string;
  readonly bytes: number;
  /** False where the run failed or was cancelled: this is the part that came back. */
  readonly complete: boolean;
}

export interface RunInfo {
  /** Counts up with every run shown since the window opened. Pushes of an earlier run carry its number and are dropped. */
  readonly run: number;
  /** `live`: the sockets are here. `opened`: replayed from a trace file, no network. */
  readonly origin: 'live' | 'opened';
  readonly experiment: ExperimentName;
  /** The input's name, such as `in-proj.txt`. */
  readonly inputName: string;
  readonly inputBytes: number;
  /** True where the input is the built-in sample. */
  readonly sample: boolean;
  /** The name of the trace file, where it was opened from one. */
  readonly traceName?: string;
  /** The fact at which it is opened, by a link to a moment. It is in the trace. */
  readonly openAt?: number;
}

/** A run since the start of the app that can be shown again. */
export interface ListedRun {
  readonly info: RunInfo;
  /** Wall clock at its beginning, ISO 8601. */
  readonly startedAt: string;
  readonly isUnderWay: boolean;
  /** Absent while it is under way, and where its record was cut off. */
  readonly outcome?: RunEnded['outcome'];
  readonly linesSent: number;
  readonly linesReceived: number;
}

/** The run beside the one that is shown. Its pages, landmarks and facts are asked for by its own number. */
export interface ComparedRun {
  readonly info: RunInfo;
  readonly progress: TraceProgress;
}

export interface AppInfo {
  readonly versions: RuntimeVersions;
  /** True where the app runs on the stand-in Electron, which is for building and testing only. */
  readonly standInRuntime: boolean;
  readonly settings: Settings;
  /** The current input: the sample until a file is opened. */
  readonly input: InputInfo;
  /** The newest first. */
  readonly recent: readonly RecentFile[];
  readonly logFolder: string;
}

/** A file that was opened, or a run that was opened or saved, recently. */
export interface RecentFile {
  /** The window names a file by this number, never by its path. */
  readonly id: number;
  readonly name: string;
  /** Its folder, which tells two files of the same name apart. */
  readonly folder: string;
  readonly kind: 'input' | 'run';
}

export interface InputInfo {
  readonly name: string;
  readonly bytes: number;
  readonly sample: boolean;
  /** Tells two files of the same name apart. */
  readonly folder: string;
}

/**
 * A message to the person that has no place in the picture: a failure, what just happened (`done`), or what they may want
 * to know (`info`). `offer` is a button below the sentence.
 */
export interface Notice {
  readonly tone: 'error' | 'done' | 'info';
  readonly text: string;
  readonly problem?: Problem;
  /** The run that it is about: it is shown with that run alone, and goes with it. */
  readonly run?: number;
  readonly offer?:
    'save-what-came-back' | 'cancel-and-run' | 'show-in-folder' | 'show-the-end' | 'cancel-writing';
}

/** One text reversed in each of the three ways by the server's code. Bytes that are not UTF-8 have only their hex. */
export type ReversedEachWay = Readonly<
  Record<ReversalUnit, { readonly text?: string; readonly hex: string }>
>;

/** The programs that are shown: main makes them again from their options. */
export interface ProgramsRequest {
  readonly experiment: ExperimentName;
  readonly language: Language;
  readonly options: ProgramOptions;
}

/** A text of a whole run: what happened in the course's words, its lines as a table, its facts as JSON lines. */
export type RunText = 'transcript' | 'lines' | 'facts';

/** What of a run can be saved: one of its texts, or the bytes of one fact as they are. */
export type RunPart = { readonly text: RunText } | { readonly bytesOf: number };

/** The most characters of a text that is copied. */
export const MAX_COPIED_CHARACTERS = 8 * 1024 * 1024;

/** What has been copied. */
export interface CopiedText {
  readonly lines: number;
  /** Whether more of it was left out. */
  readonly isCut: boolean;
}

/** What the entries of the application menu have to act on. */
export interface EnabledInMenu {
  readonly ids: readonly MenuCommandId[];
  /** A text field has the focus: cut, paste, undo and redo are about it. */
  readonly editing: boolean;
  /** There is something to copy. */
  readonly copying: boolean;
}

/** The calls of the window, by channel. Each is answered only to the window's own frame and only if it matches its schema. */
export interface Calls {
  /** The window is ready: main sends its port, and the file given on the command line (if any) is run. */
  'app:ready': () => AppInfo;
  /**
   * Runs an experiment, `file` (the current input) unless another is named; its options come from the settings.
   * `port` replaces the setting for this run; with `wait` the run waits for a port in use until it is cancelled. Fails
   * with `busy` while a run is under way.
   */
  'run:start': (request: {
    readonly experiment?: ExperimentName;
    readonly port?: number;
    readonly wait?: true;
  }) => Result<RunInfo>;
  /** Cancels the run under way; what has come back is kept. */
  'run:cancel': () => void;
  /** Cancels the run under way, waits for its end, and opens the file that waits for it. */
  'run:cancel-and-run': () => Result<void>;
  /** Shows a run of the list again, from its trace; nothing goes over the network. */
  'run:show-again': (request: { readonly run: number }) => Result<RunInfo>;
  /** A page of the trace, as far as the run is. */
  'run:page': (request: { readonly run: number; readonly page: number }) => Result<TracePage>;
  /** The facts that are not about lines, from the `from`-th (0 is the first) on, at most MAX_LANDMARKS_A_CALL of them. */
  'run:landmarks': (request: {
    readonly run: number;
    readonly from: number;
  }) => Result<readonly TraceEvent[]>;
  /** The `seq` of the client's write of a line; undefined where the line was not sent or not recorded. */
  'run:seq-of-line': (request: { readonly run: number; readonly line: number }) => number | undefined;
  /** The last fact at or before a time, in microseconds since the run began; 0 where there is none. */
  'run:seq-at-time': (request: { readonly run: number; readonly us: number }) => number | undefined;
  /** Opens a run of the list to be compared with the one that is shown. */
  'compare:with-run': (request: { readonly run: number }) => Result<ComparedRun>;
  /** Asks for a saved run in the system's dialog and opens it to be compared. Undefined: dismissed. */
  'compare:with-file': () => Result<ComparedRun | undefined>;
  /** Compares both runs on for some time, and says how far they are: ask again while it is not done. */
  'compare:difference': () => Result<RunComparison>;
  'compare:close': () => void;
  /** One fact with up to `bytes` (by default MAX_FACT_DATA_BYTES) of its data; `leftOutBytes` counts the rest. */
  'run:fact': (request: {
    readonly run: number;
    readonly seq: number;
    readonly bytes?: number;
  }) => Result<TraceEvent>;
  /** A stretch of the run in buckets, as far as it has been read: ask again while it is not whole. */
  'run:overview': (request: OverviewRequest & { readonly run: number }) => Result<RunOverview>;
  /**
   * Searches the run on for some 60 ms and answers how far the search is: the caller asks until it is done. Other words
   * end the search before. `bad-option` where they are no query.
   */
  'run:find': (request: FindRequest & { readonly run: number }) => Result<FindAnswer>;
  /** Computes the numbers of the run on in the same way. */
  'run:numbers': (request: NumbersRequest & { readonly run: number }) => Result<RunNumbers>;
  /** The window shows this experiment. It runs a file that is opened, where it reads one. */
  'experiment:choose': (request: { readonly experiment: ExperimentName }) => void;
  /** Asks for a file in the system's dialog and opens it: an input is run, a trace is shown. Undefined: dismissed. */
  'file:choose': () => Result<void>;
  /** Opens a recent file as if it had been chosen. One that no longer exists is removed from the list, and is a problem. */
  'file:open-recent': (request: { readonly id: number }) => Result<void>;
  /** Clears the recent files. */
  'file:clear-recent': () => void;
  /**
   * Opens what was dropped: the file's path and 1, or no path and the number of files. Only the preload can send it,
   * because only the preload can get the path of a dropped file.
   */
  'file:dropped': (dropped: { readonly path: string; readonly count: number }) => Result<void>;
  /** Makes the built-in sample the current input. */
  'file:sample': () => InputInfo;
  /** Saves the result to the path chosen in the system's dialog. Undefined: dismissed. */
  'result:save': () => Result<string | undefined>;
  /** Starts dragging the result out of the window. Has an effect only while the mouse's button is down, once a press. */
  'result:drag': () => void;
  /** Replaces the notes of the run shown. *Save run* writes them with it. */
  'notes:change': (request: { readonly run: number; readonly notes: readonly Note[] }) => Result<void>;
  /** Copies a link to a fact of the run shown, which has to be in a file. */
  'link:copy': (request: { readonly run: number; readonly seq: number }) => Result<void>;
  /** Saves the trace to the path chosen in the system's dialog. Undefined: dismissed. */
  'trace:save': () => Result<string | undefined>;
  /**
   * Saves the programs that are shown, with the input that they read, into the folder chosen in the system's dialog. Asks
   * before a file is replaced. Undefined: dismissed.
   */
  'programs:save': (request: ProgramsRequest) => Result<string | undefined>;
  /** Copies the program of that file name to the clipboard. */
  'programs:copy': (request: ProgramsRequest & { readonly file: string }) => void;
  /** Saves a part of the run shown to the path chosen in the system's dialog. Undefined: dismissed. */
  'run:save-part': (request: { readonly part: RunPart }) => Result<string | undefined>;
  /** Cancels the writing of a part that is saved. */
  'run:cancel-part': () => void;
  /** Copies a text of the whole run, up to MAX_COPIED_CHARACTERS, to the clipboard. */
  'run:copy': (request: { readonly run: number; readonly text: RunText }) => Result<CopiedText>;
  /** Copies a text of the page to the clipboard. */
  'clipboard:write': (copied: { readonly text: string }) => void;
  /** Saves the picture to the path chosen in the system's dialog. `fact` is where the cursor stands. Undefined: dismissed. */
  'picture:save-svg': (picture: {
    readonly text: string;
    readonly fact: number;
  }) => Result<string | undefined>;
  'picture:save-png': (picture: {
    readonly png: Uint8Array;
    readonly fact: number;
  }) => Result<string | undefined>;
  /** Copies the picture to the clipboard. */
  'picture:copy': (picture: { readonly png: Uint8Array }) => Result<void>;
  /**
   * Saves the run, or of a long one the facts around `fact`, as a page that any browser plays, to the path chosen in the
   * system's dialog. Undefined: dismissed.
   */
  'replay:save': (request: { readonly fact: number }) => Result<string | undefined>;
  /** Shows the last saved file in the system's file manager. */
  'file:show-saved': () => void;
  /** What has something to do: the menu's entries of all else are greyed. */
  'menu:enable': (enabled: EnabledInMenu) => void;
  'settings:change': (change: SettingsChange) => Settings;
  /** Resets everything to the defaults. */
  'settings:reset': () => Settings;
  /**
   * Asks the person in a dialog of the system whether servers may be opened to the network, and turns `openToNetwork` on
   * if they agree. Returns the settings after that. A dialog that is open already is not opened a second time.
   */
  'network:open': () => Settings;
  /** Presents on the whole screen, everything larger, or ends that. */
  'window:present': (request: { readonly on: boolean }) => void;
  /** The kept runs of `ports`, oldest first; a new one comes as a push. */
  'ports:history': () => readonly PastPorts[];
  /** Clears them. */
  'ports:clear': () => readonly PastPorts[];
  /** Writes an error of the page to main's log. */
  'log:error': (error: { readonly text: string }) => void;
  'text:reverse-each-way': (request: { readonly text: string }) => ReversedEachWay;
}

/** What main pushes to the window over its MessagePort, in batches. */
export type Push =
  /** A run started or a trace was opened. It replaces everything that was shown. */
  | { readonly type: 'run-shown'; readonly info: RunInfo }
  /** How far the run is: the window asks for the facts that it shows. */
  | { readonly type: 'progress'; readonly run: number; readonly progress: TraceProgress }
  /** The run's sockets and files are closed. Comes after its last fact; at once for an opened trace. */
  | { readonly type: 'run-settled'; readonly run: number; readonly result?: RunResult }
  /** The notes of the run, and whether they are in no file as they are now. */
  | {
      readonly type: 'notes';
      readonly run: number;
      readonly notes: readonly Note[];
      readonly unsaved: boolean;
    }
  /** The runs since the start, in the order in which they were shown first. */
  | { readonly type: 'runs'; readonly runs: readonly ListedRun[] }
  /** The result of the run shown was saved, or was dragged out of the window. */
  | { readonly type: 'result-taken' }
  /** The current input changed. */
  | { readonly type: 'input'; readonly input: InputInfo }
  /** A setting was changed outside of the window: in the menu. */
  | { readonly type: 'settings'; readonly settings: Settings }
  /** The person has left the whole screen by the system's own means. */
  | { readonly type: 'presentation-ended' }
  | { readonly type: 'recent'; readonly files: readonly RecentFile[] }
  | { readonly type: 'notice'; readonly notice: Notice }
  /** A run of `ports` was added to the history. */
  | { readonly type: 'port-history'; readonly history: readonly PastPorts[] }
  /** The person has chosen a command in the menu. */
  | { readonly type: 'command'; readonly id: MenuCommandId };

/** The type of `window.socketScope`. `DroppedFile` is the DOM's `File`, which src/shared does not have. */
export interface Bridge<DroppedFile> {
  call<Channel extends Exclude<keyof Calls, 'file:dropped'>>(
    channel: Channel,
    ...args: Parameters<Calls[Channel]>
  ): Promise<ReturnType<Calls[Channel]>>;
  /** Opens dropped files. Only the preload can get their paths, so a page cannot forge one. */
  openDropped(files: readonly DroppedFile[]): Promise<Result<void>>;
  /** The platform, for the names of keys: `darwin`, `linux`, `win32`. */
  readonly platform: string;
}

/** The window message with which the preload sends the MessagePort to the page. */
export const PORT_MESSAGE = 'socketscope:port';
