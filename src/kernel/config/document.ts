import { type Variable, variables } from './variables.ts'

/** Prints docs/configuration.md from the table of variables. */
export function configurationDocument(): string {
  const rows = (Object.values(variables) as Variable<unknown>[]).map((variable) => {
    // The default of this one depends on the machine; the meaning tells how.
    const standard = variable.name === 'LINLI_CONNECTIONS' || !variable.default ? '' : `\`${variable.default}\``
    return `| \`${variable.name}\` | ${standard} | ${variable.meaning.en} | ${variable.meaning.zh} |`
  })
  return `# Configuration 配置

Every setting is a variable of the environment. All are checked when the program starts, and each mistake is told in a
sentence; a \`LINLI_\` variable that does not exist is a mistake too. \`npm start -- --port N --data DIR --empty\` says the
same as \`LINLI_PORT\`, \`LINLI_DATA\` and \`LINLI_EMPTY=1\`, and counts before them.

所有设置都是环境变量，启动时逐项检查，有错就逐条说明；写错名字的 \`LINLI_\` 变量也算错。
\`npm start -- --port N --data DIR --empty\` 与 \`LINLI_PORT\`、\`LINLI_DATA\`、\`LINLI_EMPTY=1\` 意思相同，且优先。

| Variable | Default | Meaning | 说明 |
| --- | --- | --- | --- |
${rows.join('\n')}

This page is printed from \`src/kernel/config/variables.ts\` by \`node scripts/configuration.ts\`.
`
}
