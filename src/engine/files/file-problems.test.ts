import { describe, expect, it } from 'vitest';

import { temporaryProblem } from './file-problems.ts';

describe('the problem with the folder for temporary files', () => {
  it.each([
    ['ENOSPC', 'disk-full', 'There is no space left for temporary files in /full/tmp.'],
    ['EDQUOT', 'disk-full', 'There is no space left for temporary files in /full/tmp.'],
    [
      'EROFS',
      'not-writable',
      'Temporary files cannot be written in /full/tmp: its file system is read-only.',
    ],
    [
      'EACCES',
      'not-writable',
      'Temporary files cannot be written in /full/tmp: this user may not write there.',
    ],
    [
      'EPERM',
      'not-writable',
      'Temporary files cannot be written in /full/tmp: this user may not write there.',
    ],
    ['ENOENT', 'save-failed', 'Temporary files cannot be written in /full/tmp: there is no such folder.'],
    ['ENOTDIR', 'save-failed', 'Temporary files cannot be written in /full/tmp: there is no such folder.'],
    ['EIO', 'save-failed', 'Temporary files cannot be written in /full/tmp (EIO: something, mkdtemp).'],
  ])('for %s is %s, and its sentence names the folder and another way', (errorCode, code, words) => {
    const error = Object.assign(new Error(`${errorCode}: something, mkdtemp`), { code: errorCode });
    const problem = temporaryProblem(error, '/full/tmp');
    expect(problem).toMatchObject({ code, detail: { errorCode, path: '/full/tmp' } });
    expect(problem.message).toContain(words);
    expect(problem.message).toContain('/full/tmp');
    expect(problem.message).toMatch(/or start again with (TMPDIR|TEMP) naming another folder\.$/);
  });
});
