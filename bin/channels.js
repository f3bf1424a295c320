#!/usr/bin/env node
'use strict'
// Loads dist with V8's compiled code beside it, which halves what a command takes to start. Made by another Node, or
// missing, that code is passed over, and the file is compiled as usual.
const { readFileSync } = require('node:fs')
const { dirname, join } = require('node:path')
const { Script } = require('node:vm')

const loaded = new Map()
const scripts = new Map()

const load = (file) => {
  const known = loaded.get(file)
  if (known !== undefined) return known.exports
  const module = { exports: {} }
  loaded.set(file, module)
  // The bundler writes ASCII, which is read fastest as what it also is.
  const source = readFileSync(file, 'latin1')
  const script = new Script(source, { filename: file, cachedData: compiled(file) })
  scripts.set(file, script)
  // What is not beside it is Node's own: everything else is bundled.
  const own = (id) => (id.startsWith('./') ? load(join(dirname(file), id)) : require(id))
  script.runInThisContext()(module.exports, own, module, file, dirname(file))
  return module.exports
}

const compiled = (file) => {
  try {
    return readFileSync(`${file}.cache`)
  } catch (error) {
    if (error.code === 'ENOENT') return undefined
    throw error
  }
}

if (require.main === module) load(join(__dirname, '../dist/main.js'))
else module.exports = { load, scripts }
