/** How a slip's code comes in: typed by hand, typed by a USB scanner, or read from a photo. Nothing is sent. */

const SLIP = /\/v\/([1-9A-HJ-NP-Za-km-z]{14,64})#([0-9A-Za-z-]{20,30})$/;

const turned = (text) => text.replace(/[a-z]/gi, (c) => (c === c.toLowerCase() ? c.toUpperCase() : c.toLowerCase()));

/** {uuid, code} of a slip's address, or null. A scanner under Caps Lock types it with all letters turned. */
export function readSlip(text) {
  const found = SLIP.exec(/^HTTPS?:/.test(text) ? turned(text) : text);
  return found && { uuid: found[1], code: found[2] };
}

/** Calls back when a USB scanner types a slip's address and Enter, wherever the focus is. */
export function onScan(callback) {
  let typed = "";
  document.addEventListener(
    "keydown",
    (event) => {
      if (event.key === "Enter") {
        const slip = readSlip(typed);
        typed = "";
        if (!slip) return;
        event.preventDefault();
        event.stopPropagation();
        callback(slip);
      } else if (event.key.length === 1) typed = (typed + event.key).slice(-300);
    },
    true,
  );
}

/** The five fields of a typed code: the focus runs along, a pasted code is spread over them. Returns {text(), values(), clear()}. */
export function fiveFields(inputs, { changed, scanned }) {
  function spread(from, text) {
    const characters = text.replace(/[\s\-‐-―]/g, "");
    let at = from;
    for (let i = 0; i < characters.length && at < inputs.length; i += 4, at++) {
      inputs[at].value = characters.slice(i, i + 4);
    }
    inputs[Math.min(at, inputs.length - 1)].focus();
  }

  inputs.forEach((input, at) => {
    input.addEventListener("paste", (event) => {
      const text = (event.clipboardData && event.clipboardData.getData("text")) || "";
      event.preventDefault();
      const slip = readSlip(text.trim());
      if (slip) scanned(slip);
      else spread(text.replace(/[\s-]/g, "").length > 4 ? 0 : at, text);
    });
    input.addEventListener("input", () => {
      changed();
      if (input.value.length >= 4 && at < inputs.length - 1) inputs[at + 1].focus();
    });
    input.addEventListener("keydown", (event) => {
      if (event.key === "Backspace" && input.value === "" && at > 0) inputs[at - 1].focus();
    });
  });
  return {
    text: () => inputs.map((input) => input.value.trim()).join(""),
    values: () => inputs.map((input) => input.value),
    clear: () => inputs.forEach((input) => (input.value = "")),
  };
}

/** The slips on a photo, read on this device: [{uuid, code}, …], one entry a slip. `decoder`: address of the program that reads where the browser cannot. */
export async function slipsOn(file, decoder) {
  const texts = "BarcodeDetector" in window ? await detected(file) : [];
  if (texts.length === 0) texts.push(await decoded(file, decoder));
  const slips = texts.map((text) => readSlip(text)).filter((slip) => slip !== null);
  return slips.filter((slip, at) => slips.findIndex((one) => one.code === slip.code) === at);
}

async function detected(file) {
  try {
    const detector = new window.BarcodeDetector({ formats: ["qr_code"] });
    return (await detector.detect(await createImageBitmap(file))).map((one) => one.rawValue);
  } catch (unreadable) {
    return [];
  }
}

const LARGEST = 1600; // pixels; more of a photo only takes longer

async function decoded(file, decoder) {
  const { default: read } = await import(decoder);
  const picture = await opened(file);
  const scale = Math.min(1, LARGEST / Math.max(picture.width, picture.height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.round(picture.width * scale);
  canvas.height = Math.round(picture.height * scale);
  const pen = canvas.getContext("2d");
  pen.drawImage(picture, 0, 0, canvas.width, canvas.height);
  const { data } = pen.getImageData(0, 0, canvas.width, canvas.height);
  const found = read(data, canvas.width, canvas.height);
  return found ? found.data : "";
}

/** The picture of a file, by way of a data: address, which is all that the page's policy lets an image come from. */
function opened(file) {
  return new Promise((resolve, reject) => {
    const picture = new Image();
    const reader = new FileReader();
    picture.onload = () => resolve(picture);
    picture.onerror = reader.onerror = () => reject(new Error("picture"));
    reader.onload = () => (picture.src = reader.result);
    reader.readAsDataURL(file);
  });
}
