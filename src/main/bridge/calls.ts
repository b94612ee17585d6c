// Answers the window's calls. For each call the sender is checked first (is it our own page?), then the arguments are
// parsed by a schema, and only then it is done.

import { clipboard, ipcMain, type IpcMainInvokeEvent, type WebContents, type WebFrameMain } from 'electron';
import { z } from 'zod';

import {
  MAX_COPIED_CHARACTERS,
  MAX_FACT_DATA_BYTES,
  MAX_LOGGED_CHARACTERS,
  type AppInfo,
  type Calls,
  type ProgramsRequest,
  type EnabledInMenu,
  type Settings,
} from '../../shared/ipc.ts';
import { succeeded, type Result } from '../../shared/result.ts';
import { MAX_BUCKETS } from '../../shared/trace/overview.ts';
import { MAX_MARKED_PAGES } from '../../shared/find/find-answer.ts';
import { MAX_QUERY_CHARACTERS } from '../../shared/find/query.ts';
import { MAX_LISTED_LINES } from '../../shared/numbers/run-numbers.ts';
import { printable } from '../../shared/trace/transcript.ts';
import { reverseEachWay } from '../../engine/net/transform/reverse-line.ts';
import { log } from '../log/log.ts';
import type { Opening } from '../documents/open.ts';
import type { PortHistory } from '../settings/port-history.ts';
import type { RecentFiles } from '../documents/recent-files.ts';
import type { Runs } from '../documents/current-run.ts';
import type { PictureSaving } from '../documents/save-picture.ts';
import type { Saving } from '../documents/save.ts';
import { SETTING_SCHEMAS, type SettingsStore } from '../settings/settings.ts';
import { MENU_COMMAND_IDS } from '../../shared/menu-commands.ts';
import { EXPERIMENT_NAMES } from '../../shared/experiments/definitions.ts';
import { LANGUAGES, textOf } from '../../shared/experiments/programs/program.ts';
import { programsOf } from '../../shared/experiments/programs/programs.ts';
import { parseNotes, type Note } from '../../shared/notes.ts';
import { plainName } from '../../shared/file-name.ts';
import type { Pushes } from './pushes.ts';

export interface Parts {
  readonly runs: Runs;
  readonly opening: Opening;
  readonly saving: Saving;
  readonly savePrograms: (request: ProgramsRequest) => Promise<Result<string | undefined>>;
  readonly pictures: PictureSaving;
  readonly settings: SettingsStore;
  readonly portHistory: PortHistory;
  readonly recent: RecentFiles;
  readonly pushes: Pushes;
  /** Asks the person, and returns the settings after their answer. */
  openToNetwork(): Promise<Settings>;
  /** Presents on the whole screen, or ends that. */
  present(on: boolean): void;
  /** Only these entries of the menu have something to do. */
  enableInMenu(enabled: EnabledInMenu): void;
  /** Connects the loaded page, sends it what is shown, and returns what it has to know about the app. */
  pageReady(page: WebFrameMain): AppInfo;
}

type Answer<Channel extends keyof Calls> = (
  event: IpcMainInvokeEvent,
  args: readonly unknown[],
) => Promise<ReturnType<Calls[Channel]>>;

/** The answer to one channel. It throws before anything is done where `read` does not accept the arguments. */
function answer<Channel extends keyof Calls>(
  read: z.ZodType<Parameters<Calls[Channel]>>,
  act: (
    args: Parameters<Calls[Channel]>,
    page: WebFrameMain,
  ) => ReturnType<Calls[Channel]> | Promise<ReturnType<Calls[Channel]>>,
): Answer<Channel> {
  return async (event, args) => {
    const parsed = read.safeParse(args);
    if (!parsed.success) {
      throw new Error(`The call does not have the shape it should have: ${z.prettifyError(parsed.error)}`);
    }
    if (event.senderFrame === null) throw new Error('The page that called is gone.');
    return await act(parsed.data, event.senderFrame);
  };
}

const NO_ARGUMENTS = z.tuple([]);
const RUN = z.int().min(1);
const SEQ = z.int().min(1);
const TEXT = z.enum(['transcript', 'lines', 'facts']);
/** Counts from 0. */
const INDEX = z.int().min(0);

const NOTES = z.custom<readonly Note[]>((value) => parseNotes(value).ok);

/** A name that leads into no other folder: it stands in a program that is run. */
const PLAIN_NAME = z.string().refine((name) => name !== '' && plainName(name) === name);

/** The programs are made again from their options: a page cannot have any text saved or copied. */
const PROGRAMS = {
  experiment: z.enum(EXPERIMENT_NAMES),
  language: z.enum(LANGUAGES),
  options: z
    .object(SETTING_SCHEMAS)
    .omit({ theme: true, language: true, guideDone: true, panels: true })
    .extend({
      framing: z.enum(['each-read', 'whole-stream', 'newlines']),
      inputName: PLAIN_NAME,
      outputName: PLAIN_NAME,
    }),
};

/** Many times what a window shows. */
const MAX_PICTURE_BYTES = 64 * 1024 * 1024;

const SVG = z
  .string()
  .max(MAX_PICTURE_BYTES)
  .refine((text) => text.startsWith('<svg xmlns="http://www.w3.org/2000/svg"') && !/<script/i.test(text));

const PNG_SIGNATURE = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];

const PNG = z
  .instanceof(Uint8Array)
  .refine((png) => png.length <= MAX_PICTURE_BYTES && PNG_SIGNATURE.every((byte, at) => png[at] === byte));

/** More than a person types into a field, and little enough to be reversed in three ways without delay. */
const MAX_TYPED_CHARACTERS = 65_536;

function answersFrom(parts: Parts): { readonly [Channel in keyof Calls]: Answer<Channel> } {
  const { runs, opening, saving, settings, portHistory, recent } = parts;
  return {
    'app:ready': answer<'app:ready'>(NO_ARGUMENTS, (_args, page) => parts.pageReady(page)),
    'run:start': answer<'run:start'>(
      z.tuple([
        z.strictObject({
          experiment: z.enum(EXPERIMENT_NAMES).exactOptional(),
          port: SETTING_SCHEMAS.port.exactOptional(),
          wait: z.literal(true).exactOptional(),
        }),
      ]),
      ([{ experiment = 'file', ...how }]) => opening.run(experiment, how),
    ),
    'run:cancel': answer<'run:cancel'>(NO_ARGUMENTS, () => {
      runs.cancel();
    }),
    'run:cancel-and-run': answer<'run:cancel-and-run'>(NO_ARGUMENTS, () => opening.cancelAndOpen()),
    'run:show-again': answer<'run:show-again'>(z.tuple([z.strictObject({ run: RUN })]), ([{ run }]) =>
      opening.showAgain(run),
    ),
    'run:page': answer<'run:page'>(z.tuple([z.strictObject({ run: RUN, page: INDEX })]), ([{ run, page }]) =>
      runs.page(run, page),
    ),
    'run:landmarks': answer<'run:landmarks'>(
      z.tuple([z.strictObject({ run: RUN, from: INDEX })]),
      ([{ run, from }]) => runs.landmarks(run, from),
    ),
    'run:seq-of-line': answer<'run:seq-of-line'>(
      z.tuple([z.strictObject({ run: RUN, line: z.int().min(1) })]),
      ([{ run, line }]) => runs.seqOfLine(run, line),
    ),
    'run:fact': answer<'run:fact'>(
      z.tuple([
        z.strictObject({
          run: RUN,
          seq: SEQ,
          bytes: z.int().min(0).max(MAX_FACT_DATA_BYTES).exactOptional(),
        }),
      ]),
      ([{ run, seq, bytes }]) => runs.fact(run, seq, bytes),
    ),
    'run:overview': answer<'run:overview'>(
      z.tuple([z.strictObject({ run: RUN, from: SEQ, to: SEQ, buckets: z.int().min(1).max(MAX_BUCKETS) })]),
      ([{ run, ...stretch }]) => runs.overview(run, stretch),
    ),
    'run:find': answer<'run:find'>(
      z.tuple([
        z.strictObject({
          run: RUN,
          // One more: the search says that it is too long.
          words: z.string().max(MAX_QUERY_CHARACTERS + 1),
          cursor: INDEX,
          pages: z.array(INDEX).max(MAX_MARKED_PAGES),
        }),
      ]),
      ([{ run, ...request }]) => runs.find(run, request),
    ),
    'run:numbers': answer<'run:numbers'>(
      z.tuple([
        z.strictObject({
          run: RUN,
          order: z.enum(['slowest', 'fastest']),
          lines: z.int().min(0).max(MAX_LISTED_LINES),
        }),
      ]),
      ([{ run, ...request }]) => runs.numbers(run, request),
    ),
    'run:seq-at-time': answer<'run:seq-at-time'>(
      z.tuple([z.strictObject({ run: RUN, us: z.number().min(0) })]),
      ([{ run, us }]) => runs.seqAtTime(run, us),
    ),
    'compare:with-run': answer<'compare:with-run'>(z.tuple([z.strictObject({ run: RUN })]), ([{ run }]) =>
      runs.compareWith(run),
    ),
    'compare:with-file': answer<'compare:with-file'>(NO_ARGUMENTS, () => opening.chooseToCompare()),
    'compare:difference': answer<'compare:difference'>(NO_ARGUMENTS, () => runs.difference()),
    'compare:close': answer<'compare:close'>(NO_ARGUMENTS, () => runs.stopComparing()),
    'experiment:choose': answer<'experiment:choose'>(
      z.tuple([z.strictObject({ experiment: z.enum(EXPERIMENT_NAMES) })]),
      ([{ experiment }]) => {
        opening.setExperiment(experiment);
      },
    ),
    'file:choose': answer<'file:choose'>(NO_ARGUMENTS, () => opening.choose()),
    'file:open-recent': answer<'file:open-recent'>(
      z.tuple([z.strictObject({ id: z.int().min(1) })]),
      ([{ id }]) => opening.openRecent(id),
    ),
    'file:clear-recent': answer<'file:clear-recent'>(NO_ARGUMENTS, () => recent.clear()),
    'file:dropped': answer<'file:dropped'>(
      z.tuple([z.strictObject({ path: z.string(), count: z.int().min(0) })]),
      ([{ path, count }]) => opening.open([path], { count }),
    ),
    'file:sample': answer<'file:sample'>(NO_ARGUMENTS, () => opening.useSample()),
    'result:save': answer<'result:save'>(NO_ARGUMENTS, () => saving.saveResult()),
    'result:drag': answer<'result:drag'>(NO_ARGUMENTS, () => {
      saving.dragResult();
    }),
    'notes:change': answer<'notes:change'>(
      z.tuple([z.strictObject({ run: RUN, notes: NOTES })]),
      ([{ run, notes }]) => runs.setNotes(run, notes),
    ),
    'link:copy': answer<'link:copy'>(
      z.tuple([z.strictObject({ run: RUN, seq: SEQ })]),
      async ([{ run, seq }]) => {
        const link = runs.linkTo(run, seq);
        if (!link.ok) return link;
        await clipboard.writeText(link.value);
        parts.pushes.notify({ tone: 'done', text: 'Copied the link to this moment' });
        return succeeded(undefined);
      },
    ),
    'trace:save': answer<'trace:save'>(NO_ARGUMENTS, () => saving.saveTrace()),
    'programs:save': answer<'programs:save'>(z.tuple([z.strictObject(PROGRAMS)]), ([request]) =>
      parts.savePrograms(request),
    ),
    'programs:copy': answer<'programs:copy'>(
      z.tuple([z.strictObject({ ...PROGRAMS, file: z.string() })]),
      async ([{ experiment, language, options, file }]) => {
        const shown = programsOf(experiment, language, options).find((program) => program.file === file);
        if (shown === undefined) return;
        await clipboard.writeText(textOf(shown));
        parts.pushes.notify({ tone: 'done', text: `Copied ${file}` });
      },
    ),
    'run:save-part': answer<'run:save-part'>(
      z.tuple([
        z.strictObject({ part: z.union([z.strictObject({ text: TEXT }), z.strictObject({ bytesOf: SEQ })]) }),
      ]),
      ([{ part }]) => saving.savePart(part),
    ),
    'run:cancel-part': answer<'run:cancel-part'>(NO_ARGUMENTS, () => {
      saving.cancelPart();
    }),
    'run:copy': answer<'run:copy'>(
      z.tuple([z.strictObject({ run: RUN, text: TEXT })]),
      async ([{ run, text }]) => {
        const read = await runs.readText(run, text);
        if (!read.ok) return read;
        const { lines, isCut } = read.value;
        await clipboard.writeText(read.value.text);
        return succeeded({ lines, isCut });
      },
    ),
    'clipboard:write': answer<'clipboard:write'>(
      z.tuple([z.strictObject({ text: z.string().max(MAX_COPIED_CHARACTERS) })]),
      async ([{ text }]) => {
        await clipboard.writeText(text);
      },
    ),
    'picture:save-svg': answer<'picture:save-svg'>(
      z.tuple([z.strictObject({ text: SVG, fact: INDEX })]),
      ([{ text, fact }]) => parts.pictures.saveSvg(text, fact),
    ),
    'picture:save-png': answer<'picture:save-png'>(
      z.tuple([z.strictObject({ png: PNG, fact: INDEX })]),
      ([{ png, fact }]) => parts.pictures.savePng(png, fact),
    ),
    'picture:copy': answer<'picture:copy'>(z.tuple([z.strictObject({ png: PNG })]), ([{ png }]) =>
      parts.pictures.copy(png),
    ),
    'replay:save': answer<'replay:save'>(z.tuple([z.strictObject({ fact: INDEX })]), ([{ fact }]) =>
      parts.pictures.saveReplay(fact),
    ),
    'file:show-saved': answer<'file:show-saved'>(NO_ARGUMENTS, () => {
      saving.showSaved();
    }),
    'menu:enable': answer<'menu:enable'>(
      z.tuple([
        z.strictObject({
          ids: z.array(z.enum(MENU_COMMAND_IDS)).max(MENU_COMMAND_IDS.length),
          editing: z.boolean(),
          copying: z.boolean(),
        }),
      ]),
      ([enabled]) => {
        parts.enableInMenu(enabled);
      },
    ),
    'settings:change': answer<'settings:change'>(
      // Only the person opens to the network: `network:open` asks them.
      z.tuple([z.strictObject({ ...SETTING_SCHEMAS, openToNetwork: z.literal(false) }).exactPartial()]),
      async ([change]) => {
        const changed = await settings.change(change);
        if (change.inputName !== undefined) opening.sampleWasRenamed();
        return changed;
      },
    ),
    'settings:reset': answer<'settings:reset'>(NO_ARGUMENTS, async () => {
      const changed = await settings.reset();
      opening.sampleWasRenamed();
      return changed;
    }),
    'network:open': answer<'network:open'>(NO_ARGUMENTS, () => parts.openToNetwork()),
    'window:present': answer<'window:present'>(z.tuple([z.strictObject({ on: z.boolean() })]), ([{ on }]) => {
      parts.present(on);
    }),
    'ports:history': answer<'ports:history'>(NO_ARGUMENTS, () => portHistory.runs),
    'ports:clear': answer<'ports:clear'>(NO_ARGUMENTS, () => portHistory.clear()),
    'log:error': answer<'log:error'>(
      z.tuple([z.strictObject({ text: z.string().max(MAX_LOGGED_CHARACTERS) })]),
      ([{ text }]) => {
        // The text of an error can hold parts of an opened file: its characters must not control a terminal.
        log.error(`In the window: ${text.split('\n').map(printable).join('\n')}`);
      },
    ),
    'text:reverse-each-way': answer<'text:reverse-each-way'>(
      z.tuple([z.strictObject({ text: z.string().max(MAX_TYPED_CHARACTERS) })]),
      ([{ text }]) => reverseEachWay(text),
    ),
  };
}

function isOurPage(event: IpcMainInvokeEvent, contents: WebContents, origin: string): boolean {
  const frame = event.senderFrame;
  return (
    frame !== null &&
    event.sender === contents &&
    frame === contents.mainFrame &&
    frame.origin === origin &&
    (frame.url === origin || frame.url.startsWith(`${origin}/`))
  );
}

/** Answers calls from now on, only those of the main frame of `contents` while its page is of `origin`. */
export function answerCalls(contents: WebContents, origin: string, parts: Parts): void {
  for (const [channel, answerIt] of Object.entries(answersFrom(parts))) {
    ipcMain.handle(channel, async (event, ...args: unknown[]) => {
      if (!isOurPage(event, contents, origin)) {
        log.warn(`Refused ${channel} from ${event.senderFrame?.url ?? 'a page that is gone'}`);
        throw new Error('Only the window of SocketScope may call.');
      }
      try {
        return await answerIt(event, args);
      } catch (error) {
        log.error(`${channel} failed`, error);
        throw error;
      }
    });
  }
}
