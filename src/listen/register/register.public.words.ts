/** The register as everybody reads it, and what a receipt says of it. */
export const registerPublicWords = {
  'zh-CN': {
    'register.public.title': '办事记录，谁也抹不掉',
    'register.public.lead':
      '在这里办的每件事都记一条，只能往后加，不能改，也不能删。这一页让任何人都能核对，不必相信我们。',
    'register.public.tree':
      '每条记录有一个指纹，所有指纹合成一个总指纹。改动或抽掉任何一条，总指纹就变了。我们每小时公布一次总指纹并签名；公布过的，收不回来。',
    'register.public.words':
      '记录里没有您说的话，也没有姓名和电话，只有加了盐的摘要。注销时把盐删掉，摘要就再也对不上任何话。',
    'register.public.newest': '最近公布的一次',
    'register.public.size': '共有',
    'register.public.at': '公布于',
    'register.public.witnesses': '见证',
    'register.public.no-witness': '还没有别的机构见证过这一次',
    'register.public.none': '还没有公布过',
    'register.public.none-text': '每个整点公布一次。',
    'register.public.as-file': '这一段原文',
    'register.public.key': '签名用的公钥',
    'register.public.key-text': '核对回执要用它。请从印出来的公告上、或从见证机构那里再对一遍。',
    'register.public.check': '怎样核对',
    'register.public.check-text':
      '您的回执是一个文件，用 linli verify --receipt 就能核对，不用联网；早先的总指纹和现在的对不对得上，用 /register/consistency/早先的条数 给出的文件核对。原始数据按 C2SP tlog-tiles 的格式在 /register/checkpoint 和 /register/tile/ 下公开。',
    'register.public.witness-text': '别的机构可以在自己的电脑上持续见证，发现有出入会保留证据：',
    'register.entry.title': '第 {{place}} 条记录',
    'register.entry.stands': '还在原处',
    'register.entry.stands-text': '您回执上的这条记录没有变，也没有被抽掉。',
    'register.entry.gone': '对不上',
    'register.entry.gone-text':
      '这个位置上现在不是您回执上的那条，或通向公布过的总指纹的路断了。请留好回执，交给监督委员会或上一级。',
    'register.entry.leaf': '回执上的指纹：',
    'register.entry.what': '这是怎么回事',
    'register.place-missing': '第 {{place}} 条记录不见了。',
    'register.broken': '登记簿里的摘要对不上了。请联系管理员核对（linli verify）。',
    'register.unknown-witness': '这里没有登记过这个见证人的公钥。',
    'register.cosignature-wrong': '见证签名不对：不是对这一次公布签的，或时间超前。',
  },
  en: {
    'register.public.title': 'The register that nobody can erase',
    'register.public.lead':
      'Whatever is done here is written down: added at the end, never changed, never removed. This page lets anybody check that without taking our word for it.',
    'register.public.tree':
      'Each entry has a fingerprint, and all of them together have one. Change an entry or take one out, and the fingerprint of all is another. It is signed and published every hour; what was published cannot be taken back.',
    'register.public.words':
      'The entries hold no words of yours, no name and no number, only salted digests. When you delete your account the salt goes, and the digest fits no words any more.',
    'register.public.newest': 'Last published',
    'register.public.size': 'Entries',
    'register.public.at': 'Published',
    'register.public.witnesses': 'Witnessed',
    'register.public.no-witness': 'Not witnessed by another institution yet',
    'register.public.none': 'Nothing is published yet',
    'register.public.none-text': 'It is published every hour, on the hour.',
    'register.public.as-file': 'This text as a file',
    'register.public.key': 'The key it is signed with',
    'register.public.key-text':
      'Receipts are checked with it. Compare it with the printed bulletin, or with what a witness has.',
    'register.public.check': 'How to check',
    'register.public.check-text':
      'Your receipt is a file: linli verify --receipt checks it without a network. Whether the register went on from an earlier checkpoint shows the file at /register/consistency/ with its number of entries. Everything beneath it is public at /register/checkpoint and /register/tile/, in the format of C2SP tlog-tiles.',
    'register.public.witness-text':
      'Another institution can watch from a machine of its own, and keeps the evidence where something does not agree:',
    'register.entry.title': 'Entry {{place}}',
    'register.entry.stands': 'It stands where it stood',
    'register.entry.stands-text': 'The entry of your receipt was neither changed nor removed.',
    'register.entry.gone': 'It does not agree',
    'register.entry.gone-text':
      'What stands here now is not the entry of your receipt, or no longer leads to what was published. Keep your receipt, and take it to the supervision committee or a level above.',
    'register.entry.leaf': 'The fingerprint on the receipt:',
    'register.entry.what': 'What this is',
    'register.place-missing': 'Entry {{place}} is missing.',
    'register.broken': 'The hashes of the register do not agree any more. Its keepers must check it (linli verify).',
    'register.unknown-witness': 'The key of this witness is not known here.',
    'register.cosignature-wrong':
      'The cosignature is wrong: it was not made for this checkpoint, or at a time to come.',
  },
} as const
