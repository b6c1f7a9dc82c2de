/** Every sentence of the booth, in one place. Chinese is the source; another language is another such file. */

const DIGITS = ["〇", "一", "两", "三", "四", "五", "六", "七", "八", "九", "十"];

/** A small count before a measure word (两, not 二). */
export const several = (n) => (n > 0 && n <= 10 ? DIGITS[n] : String(n));

const RECOMMENDATION = {
  ballot: "无记名推荐票",
  counted: (n) => n + " 个职位",
  item: "推荐职位",
  secret: "您推荐了谁",
  next: "下一职位",
  limit1: "限选 1 人，排列以选票名单为序",
};

const KINDS = {
  evaluation: {
    ballot: "无记名测评票",
    counted: (n) => n + " 人",
    item: "测评",
    secret: "您给谁评了什么",
    next: "下一项",
    limit1: "选一项，再点一次取消",
  },
  decision: {
    ballot: "无记名表决票",
    counted: (n) => n + " 人",
    item: "拟任免人选",
    secret: "您对谁投了什么",
    next: "下一位",
    limit1: "选一项，再点一次取消。弃权不计入同意",
  },
};

/** What a ballot of the manifest's kind is called. */
export const kind = (name) => KINDS[name] || RECOMMENDATION;

export function whoDecrypts(trustees, threshold) {
  return threshold < trustees
    ? several(trustees) + "人中" + several(threshold) + "人共同解密"
    : several(trustees) + "人共同解密";
}

/** The rule of disclosure in the words of a voter. Items outside by_group need OTHER_MINIMUM, as in tally/voter_groups.py. */
function groupsShown(facts) {
  if (!facts.byGroup) return "只解开合计数，不分类别；收回不足 " + facts.minimum + " 张时一票也不解开。";
  const rule = "某类人员不足 " + facts.minimum + " 票时并入“其余合计”，不单列。";
  if (!facts.coarse) return rule;
  return facts.coarse.join("、") + "：" + rule + "其他各项：不足 " + OTHER_MINIMUM + " 票的类别一律不单列。";
}

const OTHER_MINIMUM = 20;

export function promises(facts) {
  return [
    [
      kind(facts.kind).secret,
      "看不到",
      "票就在本机上加密，单张票永不拆开。局人教处、系统管理人员、任何一位密钥保管人都看不到。",
    ],
    ["哪张票是谁的", "不登记", "选票盲抽领取，票箱不存姓名、地址、时间和先后。"],
    [
      "合计票数",
      whoDecrypts(facts.trustees, facts.threshold),
      groupsShown(facts),
    ],
  ];
}

export function limits(facts) {
  const together =
    facts.trustees === 1
      ? "唯一的密钥保管人单独解开票。"
      : facts.threshold === facts.trustees
        ? several(facts.trustees) + "位密钥保管人全部私下合谋。"
        : several(facts.trustees) + "位密钥保管人中有" + several(facts.threshold) + "位私下合谋。";
  const list = [
    (facts.byGroup ? "同类人员" : "全体") + "意见完全一致时，从合计数即可推知。",
    together,
    "手机、平板或本页面被人改动；旁人看见您的屏幕。",
    "服务器或无线网被改动时，可能知道哪部手机投过票，但看不到内容。",
    "扫码所用的软件可能记下您扫过此码。",
  ];
  if (facts.issuance === "server") list.push("选票由服务器制作：制作时控制服务器的人可能留下代码，冒投未用的选票。");
  if (facts.transport === "http") list.push("本次连接未经加密（HTTP），会场网络上的人可能替换本页面。");
  list.push("多年以后量子计算机若能实用，留存的票箱可能被解开。");
  return list;
}

export const T = {
  opening: "正在打开选票",
  start: "开始填写",
  resume: "继续填写",
  once: "每张选票只能提交一次，提交后不能更改。",
  notPromised: "哪些情况保证不了",
  rehearsal: "演练，不计入任何结果",
  openingSeal: "启用印记",
  closingSeal: "封箱印记",
  back: "返回",
  toReview: "核对选票",
  none: "弃权",
  limit: (max, picked) => ["限选 " + max + " 人以内，已选 ", String(picked), " 人"],
  full: (max) => "已选满 " + max + " 人。换人请先点已选的人取消",
  atLeast: (min) => "至少选 " + min + " 人",
  noneYet: "未选，按弃权",
  change: "修改",
  same: "各项同为",
  open: "未填",
  openMark: "未",
  previousPerson: "上一位",
  nextPerson: "下一位",
  toReviewGrid: "核对测评票",
  tapName: "点姓名可回去修改。",
  personColumn: "姓名",
  openBefore: "还有 ",
  openAfter: (n) => " 项未填。直接提交，这 " + n + " 项按弃权计。",
  place: (now, all, open) =>
    "第 " + now + " 位，共 " + all + " 位" + (open.length ? "；第 " + open.join("、") + " 位未填完" : ""),
  unanimous: "人少时，票数会说出每个人的意见",
  unanimousNote: "只公布各项合计数。但如果全体意见一致，合计数就等于公开了每一个人的意见；只差一票时，也容易猜到是谁。",
  final: "提交后不能更改，也不能再投。",
  submit: (n) => (n ? "提交，" + n + " 项按弃权" : "提交选票"),
  incomplete: (n) => "还有 " + n + " 项没有选够",
  preview: "预览，不能提交",
  encrypting: "正在加密",
  encryptingNote: "在本机上进行，尚未发送。",
  sending: "正在发送",
  sendingNote: "票已加密，正送往票箱。请勿关闭本页。",
  waiting: "网络不通，票尚未送达",
  waitingNote: "加密的票保存在这部手机里，网络恢复后自动再送。重复发送不会变成两张票。",
  steps: ["本机加密", "送到票箱", "票箱确认"],
  finished: "完成",
  onItsWay: "发送中",
  retryIn: (s) => s + " 秒后重试",
  retryNow: "现在重试",
  raiseHand: "请不要关闭本页。仍送不出时，请举手，工作人员会过来。",
  done: "已投票",
  doneNote: "您的票已在票箱内。可以收起手机了。",
  tracker: "查验码",
  trackerLater: "收票结束后，大屏幕将列出全部查验码，您可看看此码是否在列；不看也不影响计票。",
  noChoices: "为保密，提交后本页不再显示所选内容。",
  nextSlip: "填写刚才扫的另一张选票",
  saveReceipt: "保存回执",
  receiptName: "回执.json",
  receiptNote: "（可不存）。回执里没有所选内容；万一查验码不在列，凭它补入。",
  listed: "您的查验码已在列。",
  notListed: "您的查验码不在列。请马上举手，出示本页，并保存回执。",
  used: "此码的票已在票箱内",
  usedNote: "每张选票只能投一次，先前那一票有效，未受影响。",
  usedTracker: "票箱内这张票的查验码",
  notMine: "不是您投的？",
  notMineNote: "请保留手中选票，马上举手告诉监票人；收票结束前可以决定作废重投。",
  codeWrong: "有一位对不上。请逐组对照选票再看一遍。",
  codeShort: "代码还不完整，共五组，每组四位。",
  choosePoll: "请先选一次投票。",
  code: "提示码 ",
  early: "投票尚未开始",
  earlyNote: "开始后本页自动进入，不用重新扫码。请听主持人安排。",
  closed: "投票已结束",
  closedNote: "您的票没有送达票箱，这一票不计入收回数。",
  closedBefore: "如果您此前已看到“已投票”，那一票在票箱内，不受影响。",
  erased: "所填内容已从本机清除。",
  closedEmpty: "现在不能再投票。",
  voided: "本次投票已作废",
  voidedNote: "箱内的票没有拆开，已经全部销毁。请听主持人安排。",
  noCode: "请扫选票上的二维码",
  noCodeNote: "这一页要从选票打开。用手机相机或浏览器扫码，或输入二维码旁的代码。",
  typeCode: "输入选票代码",
  wrongCode: "选票代码不对",
  wrongCodeNote: "代码少了几位或有一位不对。请再扫一次，或逐组输入。选票仍然有效。",
  foreignSlip: "这张选票不能用于本次投票",
  foreignSlipNote: "它是另一次投票的选票，或者是已经作废重印的旧票。没有投出任何票。请举手，请工作人员核对、换票。",
  unreachable: "网络不通，选票还没有打开",
  unreachableNote: "选票未使用，仍然有效。网络恢复后本页自动打开。",
  untrue: "选票内容核对不上，没有打开",
  untrueNote: "收到的选票与它的印记不符，可能被改动过。选票未使用，请举手。",
  failed: "没有提交成功",
  failedNote: "票没有收进票箱，选票仍然有效。",
  again: "返回核对",
  slipVoided: "此票已作废",
  slipVoidedNote: "票没有收进票箱。请举手，换一张备用票。",
  badReceipt: "票箱的回执核对不上",
  badReceiptNote: "请不要关闭本页，马上举手，请监票人核对查验码。",
  worker: "本机加密没有成功",
  workerNote: "票没有发送，选票仍然有效。请再试一次；仍不行，请用手机自带的浏览器重新扫码。",
};

/** What only a kiosk says. */
export const K = {
  name: "会场平板",
  start: "用这台平板投票",
  startNote: "请把选票上的二维码对准扫码器。没有扫码器时，给二维码拍照，或输入旁边的代码。",
  noPoll: "现在没有正在进行的投票，请稍候。",
  keepsNothing: "本机不保存选票代码和所选内容；投完或无人操作时自动清空。",
  type: "输入选票代码",
  photo: "给选票拍照",
  reading: "正在读照片…",
  noSlip: "照片上没有读出选票的二维码。请让二维码占满画面、避开反光再拍一次，或输入代码。",
  severalSlips: "照片上有不止一张选票。请只拍一张。",
  typeTitle: "输入选票上的代码",
  typeNote: "二维码旁的 20 位，共五组。不分大小写。",
  alike: "字母 O 与数字 0、字母 I、L 与数字 1 输哪个都行。代码只在本机使用，不会发往服务器。",
  group: (n) => "第 " + n + " 组，4 位",
  fields: "选票代码，五组四位",
  which: "哪一次投票",
  open: "打开选票",
  doneNote: "您的票已在票箱内。请收好选票，离开平板。",
  trackerNote: "要查验的，请现在抄下查验码：收票结束后大屏幕列出全部查验码。不查也不影响计票。",
  next: "完成，清空本页",
  seen: "请监票人看过后再清空。",
  clearsIn: (s) => s + " 秒后自动清空",
  cleared: "刚才的页面久无人操作，已经清空。没有投出的选票仍然有效，请重新扫码。",
  waitingNote: "加密的票在这台平板里，网络恢复后自动再送，不会变成两张票。请不要关闭本页，也不要离开，举手请工作人员看护。",
};
