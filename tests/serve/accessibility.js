// What a page must have for those who do not see it, or not well, or use no mouse: returns a list of faults. In the
// manner of axe-core, for what can be decided by a program.
const faults = [];
const shown = element => {
  for (let at = element; at; at = at.parentElement) {
    const style = getComputedStyle(at);
    if (style.display === "none" || style.visibility === "hidden" || style.clipPath !== "none") return false;
  }
  return element.getClientRects().length > 0;
};
const about = element => element.outerHTML.slice(0, 90);

if (!document.documentElement.lang) faults.push("the page names no language");
if (!document.title) faults.push("the page has no title");
if (document.querySelectorAll("h1").length !== 1) faults.push("not one h1");
if (!document.querySelector("main")) faults.push("no main landmark");
let level = 0;
for (const heading of document.querySelectorAll("h1, h2, h3, h4")) {
  if (!shown(heading)) continue;
  const own = Number(heading.tagName[1]);
  if (own > level + 1) faults.push(`a level is left out before ${about(heading)}`);
  level = own;
}
const ids = [...document.querySelectorAll("[id]")].map(element => element.id);
for (const id of new Set(ids)) if (ids.filter(other => other === id).length > 1) faults.push(`id ${id} is there twice`);
for (const image of document.images) if (!image.hasAttribute("alt")) faults.push(`no alt: ${about(image)}`);
for (const table of document.querySelectorAll("table")) {
  for (const head of table.querySelectorAll("th")) if (!head.scope) faults.push(`no scope: ${about(head)}`);
}
for (const element of document.querySelectorAll("[aria-labelledby]")) {
  for (const id of element.getAttribute("aria-labelledby").split(" ")) {
    if (!document.getElementById(id)) faults.push(`labelled by nothing: ${about(element)}`);
  }
}
for (const element of document.querySelectorAll("[tabindex]")) {
  if (element.tabIndex > 0) faults.push(`order of focus is forced: ${about(element)}`);
}

// Contrast as WCAG 2 has it: 4.5, or 3 for large text.
const parsed = text => {
  const [red, green, blue, alpha = 1] = text.match(/[\d.]+/g).map(Number);
  return {rgb: [red, green, blue], alpha};
};
const luminance = rgb => {
  const linear = rgb.map(value => value / 255).map(value => value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4);
  return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2];
};
const background = element => {
  for (let at = element; at; at = at.parentElement) {
    const {rgb, alpha} = parsed(getComputedStyle(at).backgroundColor);
    if (alpha === 1) return rgb;
  }
  return [255, 255, 255];
};
const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
let texts = 0;
while (walker.nextNode()) {
  const element = walker.currentNode.parentElement;
  if (!walker.currentNode.data.trim() || !shown(element) || element.closest("noscript, template, svg")) continue;
  const style = getComputedStyle(element);
  const light = luminance(parsed(style.color).rgb), back = luminance(background(element));
  const contrast = (Math.max(light, back) + 0.05) / (Math.min(light, back) + 0.05);
  const size = parseFloat(style.fontSize), bold = Number(style.fontWeight) >= 700;
  const needed = size >= 24 || (bold && size >= 18.66) ? 3 : 4.5;
  ++texts;
  if (contrast < needed) faults.push(`contrast ${contrast.toFixed(2)}: ${walker.currentNode.data.trim().slice(0, 40)}`);
}
if (texts < 5) faults.push("hardly any text was looked at");
for (const element of document.querySelectorAll("a, button, select, input, summary, label.button")) {
  if (!shown(element) || element.type === "file" || element.type === "radio") continue;
  const box = element.getBoundingClientRect();
  if (box.height < 20) faults.push(`too low to be hit: ${about(element)}`);
}
if (document.documentElement.scrollWidth > innerWidth) faults.push(`the page is ${document.documentElement.scrollWidth} px wide`);
return faults;
