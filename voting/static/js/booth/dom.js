/** Small DOM helpers. Text only ever enters as text nodes: nothing from a server is parsed as HTML. */

const SVG = "http://www.w3.org/2000/svg";

function append(node, children) {
  for (const child of children) {
    if (child === null || child === undefined || child === false) continue;
    if (Array.isArray(child)) append(node, child);
    else node.appendChild(typeof child === "object" ? child : document.createTextNode(String(child)));
  }
  return node;
}

/** An element. Attributes that are functions become listeners, false and null are left out, true becomes "". */
export function el(tag, attributes, ...children) {
  const node = document.createElement(tag);
  for (const name of Object.keys(attributes || {})) {
    const value = attributes[name];
    if (typeof value === "function") node.addEventListener(name, value);
    else if (value !== false && value !== null && value !== undefined) node.setAttribute(name, value === true ? "" : value);
  }
  return append(node, children);
}

/** A line drawing of 48 by 48 units; each shape is [tag, attributes]. */
export function drawing(shapes) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 48 48");
  svg.setAttribute("aria-hidden", "true");
  for (const [tag, attributes] of shapes) {
    const shape = document.createElementNS(SVG, tag);
    for (const name of Object.keys(attributes)) shape.setAttribute(name, attributes[name]);
    svg.appendChild(shape);
  }
  return svg;
}

/** A bar from 0 to 100; returns [svg, set(percent)]. */
export function meter() {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("class", "meter");
  svg.setAttribute("viewBox", "0 0 100 8");
  svg.setAttribute("preserveAspectRatio", "none");
  svg.setAttribute("aria-hidden", "true");
  const rects = ["ground", "done"].map((name) => {
    const rect = document.createElementNS(SVG, "rect");
    rect.setAttribute("class", name);
    rect.setAttribute("width", name === "ground" ? "100" : "0");
    rect.setAttribute("height", "8");
    svg.appendChild(rect);
    return rect;
  });
  return [svg, (percent) => rects[1].setAttribute("width", String(percent))];
}

/** Put a page on the screen: its parts replace the old ones, its heading gets the focus and the window's title. */
export function show(app, parts, focus = true) {
  while (app.firstChild) app.removeChild(app.firstChild);
  append(app, parts);
  const heading = app.querySelector("h1");
  if (!heading) return;
  document.title = heading.textContent + " · 密票";
  if (!focus) return;
  heading.setAttribute("tabindex", "-1");
  heading.focus({ preventScroll: true });
  window.scrollTo(0, 0);
}

/** The poll's title, as the server wrote it into the frame. */
export const pollTitle = () => document.querySelector(".top").lastElementChild.textContent;

export function button(label, listener, attributes) {
  return el("button", Object.assign({ type: "button", class: "btn", click: listener }, attributes), label);
}

export function link(label, listener) {
  return el("button", { type: "button", class: "link", click: listener }, label);
}

export function dock(...children) {
  return el("div", { class: "dock" }, ...children);
}
