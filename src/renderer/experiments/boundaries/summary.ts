// The sentences at the end of a run of `boundaries`, made from its own numbers: where the boundaries went, and which of
// the three servers gave the lines back.

import type { Framing, TraceEvent } from '../../../shared/trace/fact.ts';
import type { BoundaryPicture, Lane } from './boundaries.ts';
import { SERVER_NAMES } from '../../../shared/experiments/framing-words.ts';
import { boundaryPictures, verdictAt } from './boundaries.ts';
import { cellsOf, sameOctets } from './byte-cells.ts';
import { formatCount, formatCountOf } from '../../../shared/format.ts';

const AT_THE_END = Infinity;

/** The sentences, for each way of writing that the facts have to the end; none where no server has answered. */
export function boundariesSentences(facts: readonly TraceEvent[]): readonly string[] {
  return boundaryPictures(facts).flatMap((picture) =>
    picture.lanes.every(({ overSeq }) => overSeq !== undefined) ? sentencesOf(picture) : [],
  );
}

function sentencesOf(picture: BoundaryPicture): readonly string[] {
  if (picture.input.lines.length < 2) {
    return [exchangeSentence(picture), 'It is one line, so no boundary was there to lose.'];
  }
  return [exchangeSentence(picture), verdictSentence(picture), eachRead(picture)].filter(
    (sentence) => sentence !== '',
  );
}

function laneOf({ lanes }: BoundaryPicture, framing: Framing): Lane | undefined {
  return lanes.find((lane) => lane.framing === framing);
}

function times(count: number): string {
  return count === 1 ? 'once' : count === 2 ? 'twice' : `${formatCount(count)} times`;
}

/** "The client wrote 7 times; the kernel kept 92 bytes and no boundary; each server read them in 1 read." */
function exchangeSentence({ lanes, input }: BoundaryPicture): string {
  const writes = lanes[0]?.writes.length ?? 0;
  const reads = lanes.map((lane) => lane.reads.length);
  const [first = 0] = reads;
  const waited = Math.max(0, ...lanes.flatMap(({ waiting }) => waiting.map(({ from, to }) => to - from)));
  const kept =
    waited === input.bytes
      ? `the kernel kept ${formatCountOf(waited, 'byte')} and no boundary`
      : 'the kernel keeps bytes and no boundary';
  const read = reads.every((count) => count === first)
    ? `each server read them in ${formatCountOf(first, 'read')}`
    : `the servers read them in ${reads.map((count) => formatCount(count)).join(', ')} reads`;
  return `The client wrote ${times(writes)}; ${kept}; ${read}.`;
}

/** Whether all lines came back from it, each in its place. */
function gaveAllBack(lane: Lane | undefined, picture: BoundaryPicture): boolean {
  return lane !== undefined && verdictAt(lane, picture, AT_THE_END)?.right === picture.input.lines.length;
}

/** "Only the server that looks for newlines gave 7 lines back; the one that reads to the end gave the last line first." */
function verdictSentence(picture: BoundaryPicture): string {
  const back = `gave ${formatCountOf(picture.input.lines.length, 'line')} back`;
  const good = picture.lanes
    .filter((lane) => gaveAllBack(lane, picture))
    .map(({ framing }) => SERVER_NAMES[framing]);
  const servers =
    good.length === 0
      ? `No server ${back}`
      : good.length === 1
        ? `Only ${good.join()} ${back}`
        : `It was ${good.slice(0, -1).join(', ')} and ${good.at(-1) ?? ''} that ${back}`;
  return gaveAllBack(laneOf(picture, 'whole-stream'), picture)
    ? `${servers}.`
    : `${servers}; ${bothTookAll(picture) ? 'the other two took all of it for one line, so the last line came first' : `${SERVER_NAMES['whole-stream']} gave the last line first`}.`;
}

/** Whether the server that treats each read as a line did the same as the one that reads to the end. */
function bothTookAll(picture: BoundaryPicture): boolean {
  const one = laneOf(picture, 'each-read');
  const other = laneOf(picture, 'whole-stream');
  return one?.reads.length === 1 && other !== undefined && sameOctets(one.reply, other.reply);
}

function hasBrokenText(octets: Uint8Array): boolean {
  return cellsOf(octets).some(({ broken }) => broken);
}

/** What the server that treats each read as a line made of the lines, where it differs from the one that reads to the end. */
function eachRead(picture: BoundaryPicture): string {
  const lane = laneOf(picture, 'each-read');
  const { lines, octets } = picture.input;
  if (lane === undefined || bothTookAll(picture)) return '';
  const found = lane.lines.filter(({ mark }) => mark === 'right').length;
  if (found === lines.length && lane.lines.length === found) {
    return gaveAllBack(lane, picture)
      ? 'Here each read happened to be a line: nothing promises that.'
      : 'Here each read happened to be a line, which nothing promises; its newline was reversed too, so the lines came back shifted.';
  }
  if (lane.lines.every(({ from, to }) => to - from === 1) && sameOctets(lane.reply, octets)) {
    return `With each read taken for a line, each of ${formatCountOf(lane.lines.length, 'byte')} was one, so the text came back as it was.`;
  }
  if (hasBrokenText(lane.reply) && !hasBrokenText(octets)) {
    return 'With each read taken for a line, one ended inside a character: what came back is no longer text.';
  }
  return `With each read taken for a line, ${formatCount(found)} of ${formatCountOf(lines.length, 'line')} ${found === 1 ? 'was' : 'were'} found.`;
}
