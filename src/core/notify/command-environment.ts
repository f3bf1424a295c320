type Environment = Readonly<Record<string, string | undefined>>

/** What a session does not store, and a program goes by; and what an older session may lack. */
const usual: ReadonlySet<string> = new Set([
  ...['PATH', 'HOME', 'USER', 'LOGNAME', 'SHELL', 'TMPDIR', 'TZ', 'LANG', 'LANGUAGE'],
  ...['LC_ALL', 'LC_CTYPE', 'LC_MESSAGES', 'LC_TIME', 'XDG_RUNTIME_DIR', 'DBUS_SESSION_BUS_ADDRESS'],
])

/** By name: of the client (its login among them), and whatever calls itself a secret. */
const secret = /^(ANTHROPIC|CLAUDE)|TOKEN|SECRET|PASSW|CREDENTIAL|API_?KEY|_KEY$/i

/**
 * The environment of `notify.command`: the session's, and of the keeper's what is usual. Nothing that is the client's, and
 * no secret, by its name or as a bot token by its form.
 *
 * @param staysOut whether a variable is kept from the client, too
 * @param redact cuts bot tokens out of a text
 */
export const commandEnvironment = (
  keeper: Environment,
  session: Environment,
  { staysOut, redact }: { staysOut(name: string): boolean; redact(text: string): string },
): Readonly<Record<string, string>> => {
  const common = Object.entries(keeper).filter(([name]) => usual.has(name))
  const all = Object.entries({ ...Object.fromEntries(common), ...session })
  return Object.fromEntries(
    all.flatMap(([name, value]) =>
      value === undefined || staysOut(name) || secret.test(name) || redact(value) !== value
        ? []
        : [[name, value]],
    ),
  )
}
