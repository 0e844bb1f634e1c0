import type { ThemeConfig } from 'antd'

/**
 * The one place where the desk's colours and measures are written for Ant Design.
 * The same values stand as custom properties in desk.css for what we draw ourselves.
 */
const ink = '#20262b'
const inkSoft = '#5b646b'
const paper = '#fbf9f4'
const sheet = '#ffffff'
const line = '#e4dfd3'
const pine = '#17634b'
const amber = '#8a5a00'
const brick = '#9b2d1f'
const sky = '#1f5a86'

export const theme: ThemeConfig = {
  // Styles are extracted when the desk is built: a strict content-security policy allows no style element at run time.
  zeroRuntime: true,
  hashed: false,
  cssVar: { key: 'linli', prefix: 'ant' },
  token: {
    colorPrimary: pine,
    colorLink: pine,
    colorInfo: sky,
    colorSuccess: pine,
    colorWarning: amber,
    colorError: brick,
    colorTextBase: ink,
    colorBgBase: sheet,
    colorBgLayout: paper,
    colorText: ink,
    colorTextSecondary: inkSoft,
    colorTextTertiary: inkSoft,
    colorTextDescription: inkSoft,
    colorTextPlaceholder: '#6b747b',
    colorBorder: '#8b918f',
    colorBorderSecondary: line,
    colorSplit: line,
    borderRadius: 8,
    borderRadiusLG: 10,
    fontSize: 15,
    lineHeight: 1.6,
    controlHeight: 38,
    fontFamily:
      'system-ui, "PingFang SC", "Hiragino Sans GB", "Microsoft YaHei", "Noto Sans CJK SC", "Noto Sans SC", sans-serif',
    fontFamilyCode: 'ui-monospace, "SF Mono", "Noto Sans Mono", monospace',
    motionDurationMid: '0.12s',
    motionDurationSlow: '0.16s',
    wireframe: false,
  },
  components: {
    Button: { primaryShadow: 'none', defaultShadow: 'none', fontWeight: 600 },
  },
}
