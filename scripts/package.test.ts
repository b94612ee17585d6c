// The version of a package. Its content is tested by e2e/desktop, in the package itself.

import { expect, it } from 'vitest';
import { packageVersion } from './package.mjs';

it('a package with the stand-in has that in its version, a release has the version of package.json', () => {
  expect(packageVersion('0.1.0', true)).toBe('0.1.0-standin');
  expect(packageVersion('0.1.0', false)).toBe('0.1.0');
});
