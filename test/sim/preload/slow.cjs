// Loaded into every Node of a home (NODE_OPTIONS) that is to lie on a slow disk, as one behind a network does: while
// `<HOME>/../slow` holds a number, each call about a file of the home takes so many milliseconds longer. What a shell does there
// is as fast as ever.
'use strict'
const fs = require('node:fs')
const { join } = require('node:path')

const { readFileSync } = fs
const root = join(process.env.HOME ?? '/nonexistent', '..')
// What is started by this Node's path is slow as well.
const wrapper = join(root, 'bin', 'node')
if (fs.existsSync(wrapper)) process.execPath = wrapper

const slowMs = () => {
  try {
    return Number(readFileSync(join(root, 'slow'), 'utf8'))
  } catch (error) {
    if (error.code !== 'ENOENT') throw error
    return 0
  }
}
const places = [join(root, 'home'), join(root, 'own')]
const isSlow = (path) => typeof path === 'string' && places.some((place) => path.startsWith(place))

const lock = new Int32Array(new SharedArrayBuffer(4))
const names = ['open', 'stat', 'lstat', 'readdir', 'mkdir', 'rmdir', 'rename', 'unlink', 'utimes', 'access']
for (const name of [...names, 'readFile', 'writeFile', 'appendFile', 'exists', 'rm', 'realpath']) {
  const plain = fs[`${name}Sync`]
  const slowed =
    (call) =>
    (path, ...given) => {
      if (isSlow(path)) Atomics.wait(lock, 0, 0, slowMs())
      return call(path, ...given)
    }
  fs[`${name}Sync`] = slowed(plain)
  // As `realpathSync` has one.
  if (plain.native !== undefined) fs[`${name}Sync`].native = slowed(plain.native)
}
for (const name of names) {
  const plain = fs[name]
  fs[name] = (path, ...given) => {
    if (isSlow(path)) setTimeout(() => plain(path, ...given), slowMs())
    else plain(path, ...given)
  }
}
