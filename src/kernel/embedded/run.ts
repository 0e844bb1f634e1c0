import { type SpawnOptions, spawn } from 'node:child_process'

/**
 * Runs a program to its end, and ends it with this process or where it is called off.
 * @returns its exit code (null: ended by a signal) and all that it said
 */
export function runToEnd(
  program: string,
  args: readonly string[],
  options: SpawnOptions,
  signal: AbortSignal | undefined,
): Promise<{ code: number | null; text: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] })
    const end = (): void => void child.kill()
    signal?.addEventListener('abort', end)
    process.once('exit', end)
    let text = ''
    child.stdout?.on('data', (chunk) => (text += chunk))
    child.stderr?.on('data', (chunk) => (text += chunk))
    child.once('error', reject)
    child.once('close', (code) => {
      signal?.removeEventListener('abort', end)
      process.off('exit', end)
      resolve({ code, text: text.trim() })
    })
  })
}
