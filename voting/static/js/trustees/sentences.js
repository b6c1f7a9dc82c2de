// What this page's own codes mean. Refusals by the server bring their own sentence.

const SENTENCES = {
  no_connection: "连不上服务器，没有送达。请检查网络后再试，内容没有丢失。",
  passphrase: "口令不对，或密钥文件有损坏。请看大小写和输入法，再试一次。",
  passphrase_short: "口令至少 12 位。",
  passphrase_differs: "两次输入的口令不一样。",
  key_file: "这不是密钥文件，或文件已损坏。请另选：文件名以 mipiao-key 开头。",
  other_key_file: "这个文件不是您为本次投票保存的那一个。请另选这次投票、您本人的密钥文件。",
  no_file: "请先选择密钥文件。",
  not_a_trustee: "选举记录的保管人名单里没有您的公钥，没有计票。请告诉监票人。",
  seal_form: "封箱印记是 8 位，由数字和字母 A 至 F 组成。",
  seal_mismatch: "封箱印记与记录对不上，没有计票。先看有没有抄错、输错；仍对不上就停下来，告诉监票人。",
  second_head: "这把密钥已按另一份封箱记录计过本次投票，不会再计。请停下来，告诉监票人。",
  below_minimum: "收回的票少于规定的最少张数，为保密，任何合计都不解开。",
  internal: "本页出错，没有送出任何内容。请刷新后再试，或换一个新版浏览器。",
};
const RECORD = "选举记录没有通过核验，没有计票。请停下来，告诉监票人。";

/** The sentence for a thrown Refusal or Failure. Codes of the verifier share one; where and who stand behind it. */
export function sentence(error) {
  if (error.sentence) return error.sentence;
  const known = SENTENCES[error.code];
  if (known) return known;
  if (!error.code) return SENTENCES.internal;
  const place = [error.where, error.who].filter((part) => part).join("，");
  return RECORD + (place ? `（${place}）` : "");
}
