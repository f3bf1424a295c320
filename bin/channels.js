#!/usr/bin/env node
'use strict'
// Loads dist with V8's compiled code beside it, which halves what a command takes to start. Where there is none of this
// Node and this kind of machine, the file is compiled as usual.
const { readdirSync, readFileSync } = require('node:fs')
const { dirname, join } = require('node:path')
const { Script } = require('node:vm')

const root = join(__dirname, '..')
const { arch, platform, versions } = process
// V8 tells code of another version from its own, but not with certainty that of another kind of processor.
const cacheOf = (file) => `${file}.${platform}-${arch}-${versions.v8}.cache`

const loaded = new Map()
const scripts = new Map()
const kept = new Map()

const load = (file) => {
  const known = loaded.get(file)
  if (known !== undefined) return known.exports
  // The bundler writes ASCII, which is read fastest as what it also is.
  const early = kept.get(file)
  kept.delete(file)
  const source = early === undefined ? readFileSync(file, 'latin1') : early.latin1Slice()
  const module = { exports: {} }
  loaded.set(file, module)
  // Compiled code on the disk may be that of a newer file by now.
  const cachedData = early === undefined ? compiled(file) : undefined
  // Not the whole path: it would be that of the machine which compiled it, in the code and in every stack. A copy, since
  // V8 keeps the whole of what a string was cut from.
  const filename = Buffer.from(`channels${file.slice(root.length)}`).latin1Slice()
  const script = new Script(source, { filename, cachedData })
  scripts.set(file, script)
  // What is not beside it is Node's own: everything else is bundled.
  const own = (id) => (id.startsWith('./') ? load(join(dirname(file), id)) : require(id))
  own.keepAll = (besides = []) => keepAll(dirname(file), besides)
  script.runInThisContext()(module.exports, own, module, file, dirname(file))
  return module.exports
}

const compiled = (file) => {
  try {
    return readFileSync(cacheOf(file))
  } catch (error) {
    if (error.code === 'ENOENT') return undefined
    throw error
  }
}

// An upgrade takes the files away under a process that lives for months: it reads now what it may load later. Only once
// loaded does that take more room than its text.
const keepAll = (dist, besides) => {
  for (const name of readdirSync(dist, { recursive: true })) {
    const file = join(dist, name)
    if (file.endsWith('.js') && !loaded.has(file) && !besides.includes(name))
      kept.set(file, readFileSync(file))
  }
}

if (require.main === module) load(join(__dirname, '../dist/main.js'))
else module.exports = { load, scripts, cacheOf }
