/** Why an act on a request is refused, as the reader is told. One sentence for each condition of the lifecycle. */
export const requestRefusalsWords = {
  'zh-CN': {
    'requests.refusal.not-found': '没有找到这件诉求。',
    'requests.refusal.state': '这件诉求目前的状态不能这样办。请刷新后再看。',
    'requests.refusal.forbidden': '您的岗位或身份不能对这件诉求这样办。',
    'requests.refusal.receiver-free': '这个单位已经承担了其中一部分，请选别的单位。',
    'requests.refusal.receiver-not-excluded': '诉求与这个单位有关，应当回避，请选别的单位。',
    'requests.refusal.fewer-than-two-returns': '已退单两次，请裁定由谁办理并写明理由。',
    'requests.refusal.two-returns': '退单未满两次，直接派单即可，不必裁定。',
    'requests.refusal.not-decided': '派单员已裁定由贵单位办理，不能再退。',
    'requests.refusal.lead-offered': '没有需要贵单位答应的事。',
    'requests.refusal.lead-dispatched': '这件派单不在待签收状态。',
    'requests.refusal.part-offered': '没有需要贵单位答应的协办事项。',
    'requests.refusal.part-dispatched': '这项协办不在待签收状态。',
    'requests.refusal.part-acknowledged': '请先签收协办事项，再答复。',
    'requests.refusal.not-own-unit': '不能为本单位承办的诉求批延期，请上级批准。',
    'requests.refusal.not-handled': '您参与了办理，这一步要由没有参与的人来做。',
    'requests.refusal.not-enterer':
      '这件事是您代居民登记的。撤回、公开、评价和重新提起要由居民本人来做，或请另一位同事照居民的话记下来。',
    'requests.refusal.not-holding':
      '本单位负责的诉求不能由本单位代居民撤回。请居民自己撤回，或请别的单位的同事照居民的话记下来。',
    'requests.refusal.holes': '还有空没填：{{holes}}。填好再发。',
    'requests.refusal.says-something': '请把话写明白（至少两个字）：它会留在记录里。',
    'requests.refusal.reporter-reachable':
      '诉求人没有留下能收到消息的联系方式，撤回了也无法知道、无法反对，所以不能代为撤回。',
    'requests.refusal.not-late': '已经超期的诉求不能代居民撤回，请先答复。',
    'requests.refusal.not-beneath': '诉求与那里的人或单位有关，不能交给那个地方或它下面的单位。',
    'requests.refusal.not-extended': '已经延期过一次，不能再延。',
    'requests.refusal.extension-within': '延期超出了允许的最长天数。',
    'requests.refusal.not-explaining': '已有一份解释在等人复核。',
    'requests.refusal.explaining': '没有等待复核的解释。',
    'requests.refusal.another-person': '解释要由提出人以外的第二个人复核。',
    'requests.refusal.promise-runs': '答应居民的时间已经过了，不能由本级并入另一件：请上一级的派单员并，或者先答复。',
    'requests.refusal.another-body':
      '这个解释是本单位提出的，本单位的人不能复核：请上级或者别的单位有复核职责的人来同意。',
    'requests.refusal.repeat-named': '请指明是哪一件诉求的重复。',
    'requests.refusal.target-open': '要并入的诉求已经答复或办结，请选一件还没有答复的。',
    'requests.refusal.no-circle': '不能并入自己，也不能并成一圈。',
    'requests.refusal.same-sight': '两件诉求的回避范围不同，不能合并，也不能关联。',
    'requests.refusal.another-request': '一件诉求不能和它自己关联。',
    'requests.refusal.not-linked': '这两件已经关联了。',
    'requests.refusal.linked': '这两件没有关联。',
    'requests.refusal.same-community': '只有同一个社区的诉求可以合并。',
    'requests.refusal.filed-before': '只能并入更早提出的那一件。',
    'requests.refusal.level-kept': '居民请上一级重新办理的，不能再交给下一级，也不能交回原来答复的单位。',
    'requests.refusal.merged-unanswered': '并入的那件没有撤回，或已经答复。',
    'requests.refusal.enough-texts': '请写明拆出的各件。一件诉求最多拆成九件，以前拆出的也算。',
    'requests.refusal.own-words': '拆出的各件说的要是不同的事：内容不能相同，也不能和原来的全文相同。',
    'requests.refusal.not-a-part': '这一件本来就是拆出来的，不再拆。',
    'requests.refusal.not-supervised': '这件诉求已经在督办了。',
    'requests.refusal.another-place': '请选择另一个地方的接收单位，且不在回避之列。',
    'requests.refusal.covers-both':
      '转到本区县以外，要由管两地的上级派单员来转。没有这样的上级时，请用“不属职责范围”的解释，写明居民该找谁。',
    'requests.refusal.delay-reasoned':
      '这样改会让居民等得更久，或把紧急改为一般：请写明理由（至少两个字），诉求人会看到。',
    'requests.refusal.few-transfers': '已移交过两次，再移交须由上一级决定。',
    'requests.refusal.not-judged': '这次答复已经评价过了。',
    'requests.refusal.judgeable-late': '评价的时间已过。若问题还在，可以再提一件。',
    'requests.refusal.not-drawn': '这件诉求已被抽中回访。',
    'requests.refusal.drawn': '这件诉求不在回访名单上。',
    'requests.refusal.unanswered-long-enough': '还在等诉求人评价，时间未到。',
    'requests.refusal.call-back-over': '回访还没有结束。',
    'requests.refusal.tries-left': '该打的次数已经打满了，不用再打。',
    'requests.refusal.an-hour-since': '刚打过，没有接通。请至少隔一个小时再打，这样才算一次。',
    'requests.refusal.words-kept':
      '公开的标题和正文要用居民自己的话：可以删去整句，个别字词用〔姓名〕之类的记号或＊＊＊遮住，不能改写。标题可以从正文里取一句。',
    'requests.refusal.numbers-removed':
      '要公开的文字里还留着电话、证件号、银行卡号、车牌、微信或 QQ 号、邮箱。请先遮住再公开；答复里单位的办公电话可以留。',
    'requests.refusal.answer-sent':
      '公开的答复要和发给居民的一样：可以删去整句，个别字词用〔姓名〕之类的记号或＊＊＊遮住，不能改写；还没有答复就不能公开答复。',
    'requests.refusal.within-thirty-days': '可以重新办理的时间已过。若问题还在，请再提一件，并写上原来的编号。',
    'requests.refusal.few-reopenings': '这件诉求已多次重新办理。您可以投诉办理过程，或依法申请复查。',
    'requests.refusal.level-above': '重新办理应当交给上一级。',
    'requests.refusal.publication-permitted': '诉求人没有同意公开。',
    'requests.refusal.publication-not-permitted': '已经同意公开。',
    'requests.refusal.permitted-themselves':
      '这件事是您代居民登记的，同意公开也是您代记的。请另一位同事来公开，或请居民在自己的进度页上同意公开。',
    'requests.refusal.published': '这件诉求没有公开。',
    'requests.refusal.no-visit': '已经约了上门时间，可以改期或取消。',
    'requests.refusal.visit': '没有约定的上门时间。',
    'requests.refusal.visit-of-the-other': '要由对方来答应这个时间。',
    'requests.refusal.due-soon': '还没有临近期限。',
    'requests.refusal.overdue': '还没有超过期限。',
    'requests.refusal.far-overdue': '还没有严重超期。',
  },
  en: {
    'requests.refusal.not-found': 'There is no such request.',
    'requests.refusal.state': 'That cannot be done to this request as it stands now. Please reload and look again.',
    'requests.refusal.forbidden': 'Your post or role does not allow that on this request.',
    'requests.refusal.receiver-free': 'This body already has a part in it. Please choose another.',
    'requests.refusal.receiver-not-excluded':
      'The request concerns this body, which is therefore left out. Please choose another.',
    'requests.refusal.fewer-than-two-returns': 'It has been returned twice. Please decide whose it is and say why.',
    'requests.refusal.two-returns': 'It has not been returned twice; simply dispatch it.',
    'requests.refusal.not-decided': 'The dispatcher has decided that it is yours; it cannot be returned again.',
    'requests.refusal.lead-offered': 'Nothing waits for your consent here.',
    'requests.refusal.lead-dispatched': 'This does not wait to be acknowledged.',
    'requests.refusal.part-offered': 'No part waits for your consent here.',
    'requests.refusal.part-dispatched': 'This part does not wait to be acknowledged.',
    'requests.refusal.part-acknowledged': 'Please acknowledge the part before you answer it.',
    'requests.refusal.not-own-unit': 'You cannot extend what your own body handles; someone above decides.',
    'requests.refusal.not-handled': 'You had a hand in it; someone who had none does this.',
    'requests.refusal.not-enterer':
      'You wrote this down for the resident. To withdraw, publish, judge or reopen it is for the resident, or for another colleague who takes down what the resident says.',
    'requests.refusal.not-holding':
      'The body that is responsible does not withdraw it for the resident. The resident does, or a colleague of another body.',
    'requests.refusal.holes': 'Still to be filled in before it is sent: {{holes}}.',
    'requests.refusal.says-something': 'Please say it in words, two letters at least: it stays on record.',
    'requests.refusal.reporter-reachable':
      'The reporter left nothing by which they would hear of it, and could not object. It cannot be withdrawn for them.',
    'requests.refusal.not-late': 'What is overdue is not withdrawn for the resident. Please answer it.',
    'requests.refusal.not-beneath':
      'The request concerns somebody there. It goes neither to that place nor to a body beneath it.',
    'requests.refusal.not-extended': 'It has been extended once already.',
    'requests.refusal.extension-within': 'That is longer than an extension may be.',
    'requests.refusal.not-explaining': 'An explanation already waits for a second person.',
    'requests.refusal.explaining': 'No explanation waits for a second person.',
    'requests.refusal.another-person': 'A second person, not the one who proposed it, must agree.',
    'requests.refusal.promise-runs':
      'The time promised to the resident has passed: it is for a dispatcher above to merge it, or answer it first.',
    'requests.refusal.another-body':
      'Your own body proposed this explanation. Somebody above it, or of another body, who agrees to explanations must agree.',
    'requests.refusal.repeat-named': 'Please name the request that this one repeats.',
    'requests.refusal.target-open':
      'The request to merge into is answered or closed. Please choose one that is not answered yet.',
    'requests.refusal.no-circle': 'A request cannot be merged into itself or in a circle.',
    'requests.refusal.same-sight': 'The two are hidden from different people and can be neither merged nor linked.',
    'requests.refusal.another-request': 'A request cannot be linked with itself.',
    'requests.refusal.not-linked': 'The two are linked already.',
    'requests.refusal.linked': 'The two are not linked.',
    'requests.refusal.same-community': 'Only requests of the same community can be merged.',
    'requests.refusal.filed-before': 'A request is merged into one that was told before it.',
    'requests.refusal.level-kept':
      'The resident asked the level above. It goes neither to a lower level nor back to who answered it.',
    'requests.refusal.merged-unanswered': 'The one it was merged into was not withdrawn, or was answered.',
    'requests.refusal.enough-texts':
      'Please write the parts it is split into. A request has at most nine, those made before included.',
    'requests.refusal.own-words':
      'Each part is about a matter of its own: no two texts are the same, nor the same as the whole.',
    'requests.refusal.not-a-part': 'This is itself a part of a request, and is not divided again.',
    'requests.refusal.not-supervised': 'This request is supervised already.',
    'requests.refusal.another-place': 'Please choose the receiving body of another place, not one that is left out.',
    'requests.refusal.covers-both':
      'Beyond the district it is sent by a dispatcher above both places. Where there is none, please explain that it is outside your remit and say where to turn.',
    'requests.refusal.delay-reasoned':
      'This makes the resident wait longer, or makes the urgent ordinary. Please give a reason, in two letters at least; the reporter reads it.',
    'requests.refusal.few-transfers': 'It has been transferred twice; a level above decides on another transfer.',
    'requests.refusal.not-judged': 'This answer has been judged already.',
    'requests.refusal.judgeable-late': 'The time to judge is over. If the matter persists, you may tell us again.',
    'requests.refusal.not-drawn': 'It has been drawn for a call back already.',
    'requests.refusal.drawn': 'It is not on the list of call backs.',
    'requests.refusal.unanswered-long-enough': 'The resident still has time to say.',
    'requests.refusal.call-back-over': 'The call back is not over yet.',
    'requests.refusal.tries-left': 'It has been called as often as it has to be.',
    'requests.refusal.an-hour-since':
      'Nobody answered just now. Please wait at least an hour before the next call; only then it counts.',
    'requests.refusal.words-kept':
      'Title and text shown have to be the resident’s own: leave out whole clauses, or put marks such as [name] or *** in place of words, but change nothing. The title may be a clause of the text.',
    'requests.refusal.numbers-removed':
      'What would be shown still holds a telephone, identity or card number, a number plate, an account or a mail address. Cover it first; an office’s telephone in the answer may stay.',
    'requests.refusal.answer-sent':
      'The answer shown has to be the one the resident was sent: leave out whole clauses, or put marks such as [name] or *** in place of words, but change nothing. Without an answer there is none to show.',
    'requests.refusal.within-thirty-days':
      'The time to reopen is over. If the matter persists, tell us again with the old number.',
    'requests.refusal.few-reopenings':
      'It has been reopened several times. You may complain about its handling or ask for a statutory review.',
    'requests.refusal.level-above': 'What is reopened goes to a level above.',
    'requests.refusal.publication-permitted': 'The reporter has not permitted publication.',
    'requests.refusal.publication-not-permitted': 'Publication is permitted already.',
    'requests.refusal.permitted-themselves':
      'You wrote this down for the resident, and that they permit publication too. Please let a colleague release it, or ask the resident to permit it on their own page.',
    'requests.refusal.published': 'This request is not published.',
    'requests.refusal.no-visit': 'A visit stands already; it can be moved or cancelled.',
    'requests.refusal.visit': 'No visit stands.',
    'requests.refusal.visit-of-the-other': 'The other side has to agree to this time.',
    'requests.refusal.due-soon': 'It is not due soon.',
    'requests.refusal.overdue': 'It is not overdue.',
    'requests.refusal.far-overdue': 'It is not far overdue.',
  },
} as const

/** One for each guard of the lifecycle's table; the rules put the key together. */
export const requestsRefusalsFamilies = ['requests.refusal.'] as const
