// What a reader would trip over in a report.html, or in a chart that is a file of its own, as lines of text. Run in the page, at its width, by
// test_report_in_browser.py; arguments[0] is the smallest text allowed in a chart, in pixels as shown; arguments[1]
// says whether this is paper, where nothing scrolls.
const [smallest, paper] = arguments, problems = [], root = document.documentElement;
const say = (what, node) => problems.push(what + (node ? ": " + (node.textContent || node.className).trim().slice(0, 60) : ""));
const box = node => node.getBoundingClientRect();
const shown = node => box(node).width > 0 && box(node).height > 0;

// Charts: real text, large enough, inside its chart, no text on another.
for (const svg of document.querySelectorAll("svg")) {
  const frame = box(svg), scale = frame.width / svg.viewBox.baseVal.width, texts = [...svg.querySelectorAll("text")];
  if (texts.length < 5) say(`a chart of ${texts.length} texts`, svg);
  if (svg.querySelector("image, foreignObject, script, style")) say("a chart with more than shapes and texts", svg);
  for (const text of texts) {
    const size = parseFloat(getComputedStyle(text).fontSize) * scale, area = box(text);
    if (size < smallest) say(`text of ${size.toFixed(1)} px`, text);
    if (!text.textContent.trim()) say("an empty text", svg);
    if (area.left < frame.left - 1 || area.right > frame.right + 1 || area.top < frame.top - 1 ||
        area.bottom > frame.bottom + 1) say("text outside its chart", text);
  }
  for (let i = 0; i < texts.length; ++i) {
    const a = box(texts[i]);
    for (let k = 0; k < i; ++k) {
      const b = box(texts[k]), wide = Math.min(a.right, b.right) - Math.max(a.left, b.left);
      if (wide > 1 && Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > 1)
        say(`"${texts[k].textContent}" lies under a text`, texts[i]);
    }
  }
  const name = (svg.getAttribute("aria-labelledby") || "").split(" ").map(id => document.getElementById(id));
  if (svg.getAttribute("role") !== "img" || name.length !== 2 || name.some(part => !part || !part.textContent.trim()))
    say("a chart without role, title and description", svg);
}
const first = document.querySelector("svg text");
if (!first) return ["no chart has texts"];
getSelection().selectAllChildren(first);
if (getSelection().toString().trim() !== first.textContent.trim()) say("a chart's text cannot be selected", first);
getSelection().removeAllRanges();

if (root.tagName === "svg") return problems;

// Nothing is wider than the window, and what is cut scrolls with a sign.
if (root.scrollWidth > root.clientWidth) say(`the page is ${root.scrollWidth} px wide`);
for (const node of document.querySelectorAll("body *:not(svg *)")) {
  if (!shown(node) || node.tagName === "CAPTION") continue;
  const style = getComputedStyle(node), cut = node.scrollWidth > node.clientWidth + 1 && style.overflowX !== "visible";
  if (box(node).right > root.clientWidth + 1 && !node.closest(".scroll")) say("reaches out of the window", node);
  if (!cut || style.display === "inline") continue;
  const chart = node.querySelector("svg"), hint = chart && node.closest("figure").querySelector(".hint");
  const sign = chart ? hint && shown(hint) : style.backgroundImage.includes("gradient");
  if (paper) say("cut on paper", node);
  else if (!["auto", "scroll"].includes(style.overflowX) || !sign) say("cut without a sign", node);
  if (!paper && node.tabIndex < 0) say("scrolls, and not by keyboard", node);
}
for (const figure of paper ? document.querySelectorAll("figure, .case, tr") : []) {
  if (getComputedStyle(figure).breakInside !== "avoid") say("may be cut between two pages", figure);
  if (figure.tagName === "FIGURE" && box(figure).height > 1020) say("is longer than a page", figure);
}

// Readable: WCAG AA, 4.5 to 1, on what lies behind.
const channel = c => (c /= 255, c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4);
const rgba = colour => { const n = colour.match(/[\d.]+/g).map(Number); return n.length < 4 ? [...n, 1] : n; };
const luminance = colour => { const [r, g, b] = rgba(colour).map(channel); return 0.2126 * r + 0.7152 * g + 0.0722 * b; };
const contrast = (a, b) => {
  const [low, high] = [luminance(a), luminance(b)].sort((x, y) => x - y);
  return (high + 0.05) / (low + 0.05);
};
const behind = node => {
  for (; node; node = node.parentElement) {
    const colour = getComputedStyle(node).backgroundColor;
    if (rgba(colour)[3] > 0) return colour;
  }
  return "rgb(255, 255, 255)";
};
for (const node of document.querySelectorAll("body *:not(svg *):not(style)")) {
  if (![...node.childNodes].some(child => child.nodeType === 3 && child.data.trim()) || !shown(node)) continue;
  const ratio = contrast(getComputedStyle(node).color, behind(node));
  if (ratio < 4.5) say(`contrast ${ratio.toFixed(2)}`, node);
}
for (const svg of document.querySelectorAll("svg")) {
  const fills = [...svg.querySelectorAll("rect")].map(rect => [box(rect), getComputedStyle(rect).fill]);
  for (const text of svg.querySelectorAll("text")) {
    const area = box(text), x = (area.left + area.right) / 2, y = (area.top + area.bottom) / 2;
    const under = fills.filter(([r]) => r.left <= x && x <= r.right && r.top <= y && y <= r.bottom).pop();
    const ratio = contrast(getComputedStyle(text).fill, under ? under[1] : "rgb(255, 255, 255)");
    if (ratio < 4.5) say(`contrast ${ratio.toFixed(2)} in a chart`, text);
  }
}

// Structure: a language, headers of tables, names used once, no data for machines.
if (!root.lang) say("no language");
for (const table of document.querySelectorAll("table")) {
  if (!table.caption || [...table.rows].some(row => row.cells[0].tagName !== "TH" || !row.cells[0].scope))
    say("a table without headers", table);
}
const ids = [...document.querySelectorAll("[id]")].map(node => node.id);
if (new Set(ids).size !== ids.length) say("an id is used twice");
if (/\{\s*"/.test(document.body.innerText)) say("JSON on the page");
for (const image of document.images) if (image.naturalWidth === 0 || !image.alt) say("a broken or nameless picture", image);
if (document.querySelectorAll("section").length < 5) say("sections are missing");
return [...new Set(problems)];
