import { expect, test } from 'vitest'
import { hasNarrowBlocks, isUnicode } from '../../src/core/locale.ts'

test.each([
  [{}, false, false],
  [{ LANG: 'C' }, false, false],
  [{ LANG: 'C.UTF-8' }, true, true],
  [{ LANG: 'de_DE.utf8' }, true, true],
  [{ LANG: 'ja_JP.UTF-8' }, true, false],
  [{ LANG: 'zh_CN.UTF-8' }, true, false],
  [{ LANG: 'ko_KR.UTF-8' }, true, false],
  [{ LANG: 'kok_IN.UTF-8' }, true, true],
  [{ LANG: 'ja_JP.UTF-8', LC_ALL: 'en_GB.UTF-8' }, true, true],
  [{ LC_ALL: '', LC_CTYPE: 'ja_JP.eucJP', LANG: 'en_GB.UTF-8' }, false, false],
])('%j', (env, unicode, narrow) => {
  expect(isUnicode(env)).toBe(unicode)
  expect(hasNarrowBlocks(env)).toBe(narrow)
})
