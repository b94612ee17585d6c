// An overview from the columns that a test is about; the others are 0.

import type { FactColumns, RunOverview } from '../../shared/trace/overview.ts';

type Columns = { readonly [Name in keyof FactColumns]?: readonly number[] };

export function overviewOf(
  given: Columns & Partial<Pick<RunOverview, 'from' | 'factsABucket' | 'upTo' | 'fromUs'>>,
): RunOverview {
  const length = Math.max(...Object.values(given).map((value) => (Array.isArray(value) ? value.length : 0)));
  const column = (name: keyof FactColumns): Float64Array =>
    Float64Array.from({ length }, (_, index) => given[name]?.[index] ?? 0);
  const { from = 1, factsABucket = 1, fromUs = 0 } = given;
  return {
    from,
    factsABucket,
    fromUs,
    upTo: given.upTo ?? from + length * factsABucket - 1,
    client: column('client'),
    server: column('server'),
    neither: column('neither'),
    untilUs: column('untilUs'),
    errors: column('errors'),
    errorSeqs: column('errorSeqs'),
    waitUs: column('waitUs'),
    waitSeqs: column('waitSeqs'),
    lines: column('lines'),
    lineSeqs: column('lineSeqs'),
  };
}
