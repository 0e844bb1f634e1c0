// The command line: every command, and what becomes of its mistakes.
import { Command, CommanderError } from 'commander'
import { accountFirstCommand } from './account-first.ts'
import { backupCommand } from './backup.ts'
import { categoryCommands } from './categories.ts'
import { erasuresCommand } from './erasures.ts'
import { exportCommand } from './export.ts'
import { filesMoveCommand } from './files-move.ts'
import { forwardingCommands } from './forwardings.ts'
import { importArchiveCommand } from './import-archive.ts'
import { importCategoriesCommand } from './import-categories.ts'
import { importMessagesCommand } from './import-messages.ts'
import { importPlacesCommand } from './import-places.ts'
import { keyCommands } from './keys.ts'
import { restoreCommand } from './restore.ts'
import { asCommandRefusal } from './settings.ts'
import { serveCommand, startCommand } from './start.ts'
import { suggestCommand } from './suggest.ts'
import { CommandRefusal, complain, exitCodes } from './terminal.ts'
import { verifyCommand } from './verify.ts'
import { webhookCommands } from './webhooks.ts'
import { witnessCommand } from './witness.ts'

const program = new Command('linli')
  .description('Linli 邻里: the working platform of a community 社区工作平台')
  .showHelpAfterError()
  .exitOverride()
  .addHelpText(
    'after',
    `
Exit codes 退出码:
  0  done 成功
  1  it could not be done, or the result is not good 没能做成，或结果不好
  2  the command line is wrong 命令写错了
  3  a setting is wrong 设置有误
  4  the data directory is in use, or the port is taken 数据目录正在使用，或端口被占
  5  the database cannot be used 数据库不可用
  6  the data directory cannot be used 数据目录不可用
  130  stopped by a signal before it was done 中途停下

Settings are variables of the environment: see docs/configuration.md.
设置都是环境变量，见 docs/configuration.md。`,
  )

/** What is wrong with a command line, by the code of the library that reads it, which knows English alone. */
const mistakes: Record<string, string> = {
  'commander.help': '还缺一个命令',
  'commander.unknownCommand': '没有这个命令',
  'commander.unknownOption': '没有这个选项',
  'commander.missingArgument': '缺了必填的一项',
  'commander.missingMandatoryOptionValue': '缺了必填的选项',
  'commander.optionMissingArgument': '选项后面要写内容',
  'commander.excessArguments': '多写了一项',
  'commander.invalidArgument': '写法不对',
}

// Where standard error is a file on a full disk, what is said there is lost; the work goes on, and stops in its order.
process.stderr.on('error', () => undefined)

startCommand(program)
serveCommand(program)
const imports = program.command('import').description('bring in data from elsewhere 导入')
importPlacesCommand(imports)
importMessagesCommand(imports)
importCategoriesCommand(imports)
importArchiveCommand(imports)
suggestCommand(program)
verifyCommand(program)
witnessCommand(program)
backupCommand(program)
restoreCommand(program)
exportCommand(program)
const files = program.command('files').description('pictures and videos 照片和视频')
filesMoveCommand(files)
const erasures = program.command('erasures').description('deletions that outlive a restored backup 注销清单')
erasuresCommand(erasures)
const accounts = program.command('account').description('accounts of a real installation 账号')
accountFirstCommand(accounts)
const keys = program.command('key').description('keys for other software 密钥')
keyCommands(keys)
webhookCommands(program.command('webhook').description('other software that is told 推送给别的系统'))
categoryCommands(program.command('category').description('categories and their codes 类别'))
forwardingCommands(program.command('forwarding').description('other Open311 servers that requests are sent on to 转办'))

try {
  await program.parseAsync()
} catch (caught) {
  const error = asCommandRefusal(caught)
  if (error instanceof CommanderError) {
    // Asking for help is no mistake.
    process.exitCode = error.exitCode === 0 ? exitCodes.ok : exitCodes.usage
    if (error.exitCode !== 0) {
      // The English sentence has been written, with the help beneath it.
      const [, at] = /got \d+: (.+)\.$/.exec(error.message) ?? /'([^']+)'/.exec(error.message) ?? []
      process.stderr.write(`\n${mistakes[error.code] ?? '命令写错了'}${at === undefined ? '' : `：${at}`}\n`)
      lastLine(error.code === 'commander.help' ? 'error: a command is missing' : error.message)
    }
  } else if (error instanceof CommandRefusal) {
    complain(error.sentences)
    lastLine(error.message)
    process.exitCode = error.exitCode
  } else {
    process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`)
    lastLine(String(error))
    process.exitCode = exitCodes.failed
  }
}

/** Whoever asked for JSON is told of a failure in JSON too, as the last line of standard output. */
function lastLine(error: string): void {
  if (process.argv.includes('--json')) process.stdout.write(`${JSON.stringify({ ok: false, error })}\n`)
}

// Whatever still holds on after the work is done and everything was let go.
setTimeout(() => process.exit(), 2_000).unref()
