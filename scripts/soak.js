// `npm run soak -- --minutes M --seed S --faults N`: random faults, and an account of every message (test/soak).
import { play } from './play.js'

await play('soak')
