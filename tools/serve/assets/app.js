// The page: sends photographs to the server this page came from, shows what it answers, keeps nothing but the session.
"use strict";
(() => {
  const root = document.documentElement;
  const find = id => document.getElementById(id);
  const maxBody = Number(root.dataset.maxBody);
  const heatMaps = root.dataset.heatmaps === "yes";
  const parallel = 2;
  const results = [];  // of the cards, in their order
  root.classList.add("scripted");

  // --- theme
  const themeButton = find("theme");
  const systemDark = matchMedia("(prefers-color-scheme: dark)");
  const stored = (store, key) => { try { return store.getItem(key); } catch { return null; } };
  const keep = (store, key, value) => { try { store.setItem(key, value); } catch { /* no storage: not kept */ } };
  const showTheme = () => {
    const theme = root.dataset.theme || (systemDark.matches ? "dark" : "light");
    themeButton.setAttribute("aria-pressed", String(theme === "dark"));
  };
  const chosen = stored(localStorage, "theme");
  if (chosen === "dark" || chosen === "light") root.dataset.theme = chosen;
  showTheme();
  systemDark.addEventListener("change", showTheme);
  themeButton.addEventListener("click", () => {
    root.dataset.theme = themeButton.getAttribute("aria-pressed") === "true" ? "light" : "dark";
    keep(localStorage, "theme", root.dataset.theme);
    showTheme();
  });

  const say = text => { find("status").textContent = text; };
  // What is not certain never reads as 100 %.
  const percent = value => value < 1 && value >= 0.9995 ? "> 99.9 %" : (100 * value).toFixed(1) + " %";
  const element = (name, text, className) => {
    const made = document.createElement(name);
    if (text !== undefined) made.textContent = text;
    if (className) made.className = className;
    return made;
  };

  // --- heat map: dark to light over violet and orange; cold places are transparent
  const stops = [[70, 20, 110], [150, 40, 110], [225, 85, 60], [250, 165, 40], [252, 250, 190]];
  const colour = value => {
    const at = Math.min(Math.max(value, 0), 1) * (stops.length - 1), low = Math.min(Math.floor(at), stops.length - 2);
    return stops[low].map((channel, i) => channel + (at - low) * (stops[low + 1][i] - channel));
  };
  const drawHeat = (canvas, heat) => {
    canvas.width = heat.width;
    canvas.height = heat.height;
    const context = canvas.getContext("2d"), pixels = context.createImageData(heat.width, heat.height);
    heat.values.forEach((value, i) => {
      const [red, green, blue] = colour(value);
      pixels.data.set([red, green, blue, 255 * Math.min(1, 1.3 * value)], 4 * i);
    });
    context.putImageData(pixels, 0, 0);
  };

  // --- one result
  const svg = name => document.createElementNS("http://www.w3.org/2000/svg", name);
  const bar = share => {
    const picture = svg("svg"), back = svg("rect"), value = svg("rect");
    picture.setAttribute("class", "bar");
    picture.setAttribute("viewBox", "0 0 100 8");
    picture.setAttribute("preserveAspectRatio", "none");
    picture.setAttribute("aria-hidden", "true");
    for (const [rect, name, width] of [[back, "back", 100], [value, "value", 100 * share]]) {
      rect.setAttribute("class", name);
      rect.setAttribute("height", "8");
      rect.setAttribute("width", String(width));
      picture.append(rect);
    }
    return picture;
  };
  const sideOf = name => {
    const word = name.replace(/\.[^.]*$/, "").toLowerCase();
    if (/(^|[^a-z])(od|right|r)([^a-z]|$)/.test(word)) return "right";
    if (/(^|[^a-z])(os|left|l)([^a-z]|$)/.test(word)) return "left";
    return "";
  };

  const placeHeat = card => {
    const photo = card.querySelector(".photo"), heat = card.querySelector(".heat");
    heat.style.left = photo.offsetLeft + "px";
    heat.style.top = photo.offsetTop + "px";
    heat.style.width = photo.clientWidth + "px";
    heat.style.height = photo.clientHeight + "px";
  };
  const sizes = new ResizeObserver(entries => entries.forEach(entry => placeHeat(entry.target.closest(".result"))));

  let cardNumber = 0;
  const addCard = file => {
    const card = find("card").content.cloneNode(true).querySelector("article");
    const photo = card.querySelector(".photo"), name = card.querySelector(".name");
    name.textContent = file.name;
    name.id = "picture-" + ++cardNumber;
    card.setAttribute("aria-labelledby", name.id);
    card.querySelectorAll(".views input").forEach(input => { input.name = "view-" + cardNumber; });
    photo.alt = "Photograph " + file.name;
    photo.src = URL.createObjectURL(file);
    photo.addEventListener("error", () => { card.dataset.unshown = "yes"; photo.hidden = true; }, {once: true});
    sizes.observe(photo);
    find("cards").append(card);
    find("results").hidden = false;
    root.classList.add("graded");
    return card;
  };

  const showPictures = (card, result, file) => {
    const photo = card.querySelector(".photo"), heat = card.querySelector(".heat"), own = photo.src;
    const slider = card.querySelector(".opacity"), range = slider.querySelector("input");
    const onSeen = result.heatmap && result.heatmap.covers === "preprocessed";
    let shown = "photo";
    const update = () => {
      const share = Number(range.value);
      heat.hidden = !result.heatmap || share === 0 || (onSeen && shown === "photo");
      heat.style.opacity = share / 100;
      slider.querySelector("output").textContent = share === 0 ? "off" : share + " %";
      placeHeat(card);
    };
    const show = which => {
      shown = which;
      card.querySelector(".view-photo").checked = which === "photo";
      card.querySelector(".view-seen").checked = which === "seen";
      photo.hidden = false;
      photo.src = which === "seen" ? result.preprocessed : own;
      photo.alt = (which === "seen" ? "What the network saw of " : "Photograph ") + file.name;
      update();
    };
    card.querySelector(".controls").hidden = false;
    card.querySelectorAll(".views input").forEach(input => input.addEventListener("change", () => show(input.value)));
    photo.addEventListener("load", update);
    if (result.heatmap) {
      drawHeat(heat, result.heatmap);
      slider.hidden = false;
      range.addEventListener("input", () => {
        if (onSeen && shown === "photo") show("seen");
        update();
      });
    }
    // A browser shows no TIFF: what the network saw stands in for it.
    if (card.dataset.unshown) {
      card.querySelector(".view-photo").disabled = true;
      show("seen");
    }
  };

  const showResult = (card, answer, entry, file) => {
    const result = answer.results[0], regression = result.output !== undefined;
    const set = (name, text) => { card.querySelector(name).textContent = text; };
    set(".grade", result.grade);
    set(".class", result.class || "Grade " + result.grade);
    const referable = card.querySelector(".referable");
    referable.hidden = result.referable === null;
    referable.textContent = result.referable ? "Referable" : "Not referable";
    referable.classList.add(result.referable ? "refer" : "fine");
    set(".confidence", regression ? "output " + result.output : "confidence " + percent(result.confidence));
    const body = card.querySelector(".bars tbody");
    (result.probabilities || []).forEach((value, grade) => {
      const row = element("tr", undefined, grade === result.grade ? "chosen" : ""), cell = element("td");
      const head = element("th", (grade + " " + (answer.classes[grade] || "")).trim());
      head.scope = "row";
      cell.append(bar(value));
      row.append(head, cell, element("td", percent(value), "n"));
      body.append(row);
    });
    card.querySelector(".bars").hidden = regression;
    const note = [answer.warning, result.note].filter(Boolean).join("; ");
    set(".note", note);
    card.querySelector(".note").hidden = !note;
    set(".model-hash", answer.model.sha256);
    set(".file-hash", result.sha256);
    const side = card.querySelector("select");
    side.value = entry.eye;
    side.addEventListener("change", () => { entry.eye = side.value; keepHistory(); });
    card.querySelector(".working").hidden = true;
    card.querySelector(".outcome").hidden = false;
    showPictures(card, result, file);
  };

  const showError = (card, text) => {
    const error = card.querySelector(".error");
    error.textContent = text;
    error.hidden = false;
    card.querySelector(".working").hidden = true;
    if (card.dataset.unshown) card.querySelector(".picture").hidden = true;
  };

  // --- sending
  const pause = seconds => new Promise(done => setTimeout(done, 1000 * seconds));
  const ask = async file => {
    if (file.size > maxBody) throw new Error("The file is larger than " + Math.floor(maxBody / 1048576) + " MiB.");
    const address = "/api/v1/predict?preprocessed=1" + (heatMaps ? "&heatmap=1" : "");
    const type = file.type.startsWith("image/") ? file.type : "application/octet-stream";
    for (let attempt = 0; ; ++attempt) {
      const response = await fetch(address, {method: "POST", body: file, headers: {"Content-Type": type}});
      if (response.ok) return response.json();
      const again = Number(response.headers.get("Retry-After"));
      if ((response.status === 503 || response.status === 429) && again > 0 && attempt < 20) {
        await pause(Math.min(again, 60));
        continue;
      }
      const problem = await response.json().catch(() => ({}));
      throw new Error(problem.detail || "The server answered " + response.status + ".");
    }
  };

  const waiting = [];
  let working = 0;
  const grade = async ({file, card}) => {
    card.querySelector(".working-text").textContent = "Grading";
    try {
      const answer = await ask(file), {preprocessed, heatmap, ...plain} = answer.results[0];
      const entry = {file: file.name, eye: sideOf(file.name), time: new Date().toISOString(), model: answer.model,
        fovea: answer.fovea, demo: answer.demo, classes: answer.classes, ...plain};
      delete entry.index;
      results.push(entry);
      history.push(entry);
      showResult(card, answer, entry, file);
      keepHistory();
      say(file.name + ": grade " + entry.grade + ", " + (entry.class || "") + ", " +
        (entry.referable ? "referable" : "not referable"));
    } catch (error) {
      const text = error instanceof TypeError ? "The server cannot be reached." : error.message;
      showError(card, text);
      say(file.name + ": " + text);
    }
  };
  const next = async () => {
    if (working >= parallel || waiting.length === 0) return;
    ++working;
    await grade(waiting.shift());
    --working;
    next();
  };
  const take = files => {
    if (files.length === 0) return;
    say(files.length === 1 ? "Grading " + files[0].name : "Grading " + files.length + " files");
    for (const file of files) waiting.push({file, card: addCard(file)});
    for (let i = 0; i < parallel; ++i) next();
  };

  const form = find("upload"), input = find("files");
  input.addEventListener("change", () => { take([...input.files]); input.value = ""; });
  form.addEventListener("submit", event => event.preventDefault());
  for (const name of ["dragenter", "dragover"]) {
    document.addEventListener(name, event => { event.preventDefault(); form.classList.add("over"); });
  }
  document.addEventListener("dragleave", event => { if (!event.relatedTarget) form.classList.remove("over"); });
  document.addEventListener("drop", event => {
    event.preventDefault();
    form.classList.remove("over");
    take([...event.dataTransfer.files]);
  });

  // --- history of this tab
  const history = [];
  const showHistory = () => {
    const rows = find("rows");
    rows.replaceChildren();
    for (const entry of [...history].reverse()) {
      const row = element("tr");
      const file = element("td", entry.file);
      file.title = entry.file;
      row.append(element("td", new Date(entry.time).toLocaleTimeString()), file, element("td", entry.eye),
        element("td", entry.grade, "n"), element("td", entry.class),
        element("td", entry.confidence === undefined ? "" : percent(entry.confidence), "n"),
        element("td", entry.referable === null ? "" : entry.referable ? "yes" : "no"));
      rows.append(row);
    }
    find("history").hidden = history.length === 0;
  };
  const keepHistory = () => {
    keep(sessionStorage, "history", JSON.stringify(history.slice(-500)));
    showHistory();
  };
  try {
    history.push(...JSON.parse(stored(sessionStorage, "history") || "[]"));
  } catch { /* not ours */ }
  showHistory();
  find("forget").addEventListener("click", () => { history.length = 0; keepHistory(); say("Forgotten"); input.focus(); });
  find("clear").addEventListener("click", () => {
    document.querySelectorAll(".photo").forEach(photo => URL.revokeObjectURL(photo.src));
    find("cards").replaceChildren();
    results.length = 0;
    waiting.length = 0;
    find("results").hidden = true;
    root.classList.remove("graded");
    say("Results cleared");
    input.focus();
  });

  // --- downloads
  const save = (name, type, text) => {
    const link = element("a");
    link.href = URL.createObjectURL(new Blob([text], {type}));
    link.download = name;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 10000);
  };
  // A spreadsheet must not take a file's name for a formula.
  const cell = value => {
    const text = String(value ?? ""), safe = /^[=+\-@\t\r]/.test(text) ? "'" + text : text;
    return /[",\n\r]/.test(safe) ? '"' + safe.replaceAll('"', '""') + '"' : safe;
  };
  find("json").addEventListener("click", () => save("grades.json", "application/json", JSON.stringify(results, null, 2)));
  find("csv").addEventListener("click", () => {
    const count = Math.max(0, ...results.map(entry => (entry.probabilities || []).length));
    const names = [...Array(count).keys()].map(i => "p" + i);
    const rows = [["file", "eye", "diagnosis", "class", ...names, "output", "confidence", "referable", "note", "time", "sha256",
      "model_sha256"]];
    for (const entry of results) {
      rows.push([entry.file, entry.eye, entry.grade, entry.class, ...names.map((_, i) => entry.probabilities?.[i]),
        entry.output, entry.confidence, entry.referable === null ? "" : entry.referable ? 1 : 0,
        [entry.demo ? "demo, not for patients" : "", entry.note].filter(Boolean).join("; "), entry.time, entry.sha256,
        entry.model.sha256]);
    }
    save("grades.csv", "text/csv", rows.map(row => row.map(cell).join(",")).join("\r\n") + "\r\n");
  });
  find("print").addEventListener("click", () => window.print());
})();
