// Loaded into every Node of a home (NODE_OPTIONS) whose clock a test sets: no test sets this machine's. What it does is in
// `<HOME>/../clock`: `<since> <by>`, both in milliseconds: since that moment of the real clock, the time is so much later, or
// earlier. As long as `<HOME>/../asleep` is there, none of them begins. Times of files follow, as they would: what was written before keeps its own.
'use strict'
const fs = require('node:fs')
const { join } = require('node:path')

const real = { Date, now: Date.now, stat: fs.statSync, read: fs.readFileSync }
const root = join(process.env.HOME ?? '/nonexistent', '..')

// On a machine that is asleep nothing starts.
const nothing = new Int32Array(new SharedArrayBuffer(4))
while (fs.existsSync(join(root, 'asleep'))) Atomics.wait(nothing, 0, 0, 5)

// What is started by this Node's path gets this clock as well.
const wrapper = join(root, 'bin', 'node')
if (real.stat(wrapper, { throwIfNoEntry: false }) !== undefined) process.execPath = wrapper

let known = { readAt: Number.NEGATIVE_INFINITY, since: Number.POSITIVE_INFINITY, by: 0 }
const setting = () => {
  const readAt = process.hrtime()[0] * 1e3 + process.hrtime()[1] / 1e6
  if (readAt - known.readAt < 20) return known
  try {
    const [since, by] = real.read(join(root, 'clock'), 'utf8').split(' ').map(Number)
    known = { readAt, since, by }
  } catch (error) {
    if (error.code !== 'ENOENT') throw error
    known = { ...known, readAt }
  }
  return known
}

const shown = (at) => (at >= setting().since ? at + setting().by : at)
/** What the disk has to hold to be shown so. */
const held = (at) => {
  const { since, by } = setting()
  return by > 0 && at >= since + by ? at - by : at
}

class ShownDate extends real.Date {
  constructor(...given) {
    super(...(given.length === 0 ? [shown(real.now())] : given))
  }
  static now() {
    return shown(real.now())
  }
}
globalThis.Date = ShownDate

const showTimes = (stat) => {
  if (typeof stat?.mtimeMs !== 'number') return stat
  for (const name of ['atime', 'mtime', 'ctime', 'birthtime']) {
    const at = shown(stat[`${name}Ms`])
    stat[`${name}Ms`] = at
    stat[name] = new real.Date(at)
  }
  return stat
}
for (const name of ['statSync', 'lstatSync', 'fstatSync']) {
  const plain = fs[name]
  fs[name] = (...given) => showTimes(plain(...given))
}
for (const name of ['stat', 'lstat', 'fstat']) {
  const plain = fs[name]
  fs[name] = (...given) => {
    const done = given.pop()
    plain(...given, (error, stat) => done(error, showTimes(stat)))
  }
}
// Seconds, or a date.
const heldTime = (time) =>
  typeof time === 'number' ? held(time * 1e3) / 1e3 : new real.Date(held(time.getTime()))
for (const name of ['utimesSync', 'futimesSync', 'utimes', 'futimes']) {
  const plain = fs[name]
  fs[name] = (file, atime, mtime, ...done) => plain(file, heldTime(atime), heldTime(mtime), ...done)
}
