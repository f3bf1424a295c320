// `npm run demo`: what a newcomer sees without bot, login or client (test/demo).
import { play } from './play.js'

await play('demo')
