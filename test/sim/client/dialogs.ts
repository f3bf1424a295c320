import { since, type World } from './world.ts'

/** A question in front of everything: keys go to it until an option is chosen. */
export type Dialog = {
  readonly lines: readonly string[]
  readonly options: readonly string[]
  /** Whether the options have numbers, which then are keys. */
  readonly numbered: boolean
  /** Which one is selected when it opens; the first when absent. */
  readonly first?: number
}

/** `No, exit` of every dialog. */
export const isRefusal = (dialog: Dialog, chosen: number): boolean =>
  chosen < 0 || /^(No, exit|Exit)$/.test(dialog.options[chosen] ?? '')

/** Field notes, section 1. 2.1.139 asks with numbers and yes first; 2.1.330 with no first and without (seen). */
export const trustDialog = (world: World, hasServers: boolean): Dialog => {
  const yesFirst = world.knobs.yesFirst || !since(world.version, '2.1.330')
  const options = ['Yes, I trust this folder', 'No, exit']
  return {
    lines: [
      'Accessing workspace:',
      '',
      world.cwd,
      '',
      'Quick safety check: Is this a project you created or one you trust? (Like your own code, a well-known open source',
      "project, or work from your team). If not, take a moment to review what's in this folder first.",
      '',
      "Claude Code'll be able to read, edit, and execute files here.",
      ...(hasServers && since(world.version, '2.1.330')
        ? ['Trusting this folder loads .mcp.json here or above (MCP servers).']
        : []),
      '',
      'Security guide',
    ],
    options: yesFirst ? options : options.reverse(),
    numbered: yesFirst,
  }
}

/** Asked every time (section 1). */
export const developmentDialog = (channels: readonly string[]): Dialog => ({
  lines: [
    'WARNING: Loading development channels',
    '',
    '--dangerously-load-development-channels is for local channel development only. Do not use this option to run',
    'channels you have downloaded off the internet.',
    '',
    'Please use --channels to run a list of approved channels.',
    '',
    `Channels: ${channels.join(', ')}`,
  ],
  options: ['I am using this for local development', 'Exit'],
  numbered: true,
})

/**
 * For each server of the folder's `.mcp.json` that was not answered for (section 1). 2.1.139 offers all of them first and
 * selects that, 2.1.330 selects the refusal (words and order of both, seen).
 */
export const mcpDialog = (world: World, server: string): Dialog => {
  const isNew = since(world.version, '2.1.330')
  const [one, all] = ['Use this MCP server', 'Use this and all future MCP servers in this project']
  return {
    lines: [
      `New MCP server found in ${isNew ? 'this project' : '.mcp.json'}: ${server}`,
      '',
      'MCP servers may execute code or access system resources. All tool calls require approval. Learn more in the MCP',
      'documentation.',
    ],
    options: [...(isNew ? [one, all] : [all, one]), 'Continue without using this MCP server'],
    numbered: !isNew,
    first: isNew ? 2 : 0,
  }
}

/** A question of Claude's own, with its answers (2.1.330, seen). */
export const questionDialog = (question: string, answers: readonly string[]): Dialog => ({
  lines: [question],
  options: [...answers, 'Type something.', 'Chat about this'],
  numbered: true,
})

/** Asked once; a blind Enter ends the session (section 1). */
export const bypassDialog = (world: World): Dialog => ({
  lines: [
    'WARNING: Claude Code running in Bypass Permissions mode',
    '',
    'In Bypass Permissions mode, Claude Code will not ask for your approval before running potentially dangerous',
    'commands.',
    '',
    'By proceeding, you accept all responsibility for actions taken while running in Bypass Permissions mode.',
  ],
  options: ['No, exit', 'Yes, I accept'],
  numbered: !since(world.version, '2.1.330'),
})

/** A large old conversation, resumed (section 1, reported). */
export const resumeDialog: Dialog = {
  lines: [
    'This session is large and has not been used for a while. Resuming it will use a lot of your usage.',
  ],
  options: ['Resume from summary (recommended)', 'Resume full session as-is', "Don't ask me again"],
  numbered: true,
}

/** Without a login there is no session: nothing here can be chosen on a machine without a network. */
export const loginDialog: Dialog = {
  lines: [
    'Claude Code can be used with your Claude subscription or billed based on API usage.',
    '',
    'Select login method:',
  ],
  options: ['Claude account with subscription', 'Anthropic Console account'],
  numbered: true,
}

/** Section 3: in mode `default` even the answer asks. */
export const permissionDialog = (tool: string, details: readonly string[]): Dialog => ({
  lines: ['Tool use', tool, ...details, '', 'Do you want to proceed?'],
  options: ['Yes', `Yes, and don't ask again for ${tool} commands`, 'No'],
  numbered: true,
})
