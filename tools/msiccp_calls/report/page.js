"use strict";
// The list of all calls. Links such as #finding=no_media and the form choose which of them are shown; the address keeps it.
const KEYS = ["verdict", "outcome", "finding", "host"];
const form = document.querySelector("form");
const START = 0;    // the column

async function unpacked(element) {
  const packed = Uint8Array.from(atob(element.textContent), letter => letter.charCodeAt(0));
  const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream("gzip"));
  return new Response(stream).json();
}

function escaped(text) {
  return text.replace(/[&<>"]/g, letter => `&#${letter.charCodeAt(0)};`);
}

class Calls {
  constructor({ texts, calls }) {
    this.texts = texts;
    this.calls = calls;
    this.hosts = new Set(calls.flatMap(call => call.ends.flat()).map(index => texts[index].toLowerCase()));
  }

  end(call, which) {
    const [address, alias] = call.ends[which].map(index => this.texts[index]);
    return alias ? `${alias} (${address || "?"})` : address || "?";
  }

  when(call) {
    return call.start === null ? "" : new Date(call.start * 1000).toISOString().slice(0, 19).replace("T", " ");
  }

  why(call) {
    const file = escaped(this.texts[call.capture].split("/").pop());
    const shown = document.getElementById(`call-${call.id}`) ? ` <a href="#call-${call.id}">its ladder</a>` : "";
    return `${escaped(this.texts[call.why])} <span class="soft">${file}, ${call.place}</span>${shown}`;
  }

  // A host that is there is meant itself: 10.0.0.1 is not 10.0.0.12.
  hasHost(call, wanted) {
    const names = call.ends.flat().map(index => this.texts[index].toLowerCase());
    return names.some(name => this.hosts.has(wanted) ? name === wanted : name.includes(wanted));
  }

  fits(call, wanted) {
    return (!wanted.verdict || call.verdict === wanted.verdict) && (!wanted.outcome || call.outcome === wanted.outcome)
      && (!wanted.finding || call.findings.includes(wanted.finding))
      && (!wanted.host || this.hasHost(call, wanted.host.trim().toLowerCase()));
  }
}

// DataTables reads what is searched as HTML, too.
function columns(calls) {
  const column = (title, className, value) => ({
    title, className, data: null, type: "string",
    render: (_data, type, call) => type === "sort" ? value(call).toLowerCase() : escaped(value(call)) });
  return [
    column("Start (UTC)", "end", call => calls.when(call)),
    column("Caller", "end", call => calls.end(call, 0)),
    column("Callee", "end", call => calls.end(call, 1)),
    column("How it went", "", call => calls.texts[call.how]),
    { title: "Talked (s)", className: "n", data: "talked", defaultContent: "", type: "num",
      render: (data, type) => type === "display" ? data?.toFixed(1) ?? "" : data ?? -1 },
    { title: "Why, and where", className: "text", data: null, orderable: false,
      render: (_data, type, call) => type === "display" ? calls.why(call)
        : escaped(`${calls.texts[call.why]} ${calls.texts[call.capture]}`) },
  ];
}

function wanted() {
  return Object.fromEntries(KEYS.map(key => [key, form.elements[key].value]));
}

function remember() {
  const chosen = new URLSearchParams(Object.entries(wanted()).filter(([, value]) => value)).toString();
  history.replaceState(null, "", `#${chosen || "calls"}`);
}

// Returns whether the address chooses calls.
function choose() {
  const chosen = new URLSearchParams(location.hash.slice(1));
  if (!KEYS.some(key => chosen.has(key))) return false;
  for (const key of KEYS) form.elements[key].value = chosen.get(key) ?? "";
  return true;
}

// Roles that a narrow window's layout, in which a call is a block, would take away; and of what DataTables leaves without.
function named() {
  const roles = { "#list": "table", "#list thead, #list tbody": "rowgroup", "#list tr": "row", "#list th": "columnheader", "#list td": "cell" };
  for (const [selector, role] of Object.entries(roles))
    for (const element of document.querySelectorAll(selector)) element.setAttribute("role", role);
  for (const link of document.querySelectorAll("#list_wrapper .paginate_button")) {
    link.setAttribute("role", "button");
    if (link.classList.contains("current")) link.setAttribute("aria-current", "page");
    if (link.classList.contains("disabled")) link.setAttribute("aria-disabled", "true");
  }
}

function listed(calls) {
  jQuery.fn.dataTable.ext.search.push((_settings, _texts, index) => calls.fits(calls.calls[index], wanted()));
  return jQuery("#list").DataTable({
    data: calls.calls, columns: columns(calls), order: [[START, "desc"]], deferRender: true, autoWidth: false,
    pageLength: 25, lengthMenu: [25, 100, 500], dom: "iltp", drawCallback: named,
    language: { info: "_START_ to _END_ of _TOTAL_ calls", infoEmpty: "No calls", infoFiltered: "(of _MAX_)",
      lengthMenu: "_MENU_ a page", zeroRecords: "No call is like that.", thousands: "," } });
}

function revealed() {
  const call = location.hash.startsWith("#call-") && document.getElementById(location.hash.slice(1));
  if (!call) return;
  if (call.closest(".more")) showMore();
  call.scrollIntoView();
}

function showMore() {
  document.documentElement.classList.remove("scripted");
  document.getElementById("more")?.remove();
}

async function begin() {
  const calls = new Calls(expanded(await unpacked(document.getElementById("all"))));
  const table = listed(calls);
  const draw = () => table.draw();
  const changed = () => { remember(); draw(); };
  for (const key of KEYS) form.elements[key].addEventListener(key === "host" ? "input" : "change", changed);
  form.elements.words.addEventListener("input", () => table.search(form.elements.words.value).draw());
  form.addEventListener("submit", event => event.preventDefault());
  form.addEventListener("reset", () => setTimeout(() => { table.search(""); changed(); }));
  addEventListener("hashchange", () => {
    if (choose()) {
      draw();
      const heading = document.getElementById("calls");
      heading.focus();
      heading.scrollIntoView();
    }
    revealed();
  });
  document.getElementById("list").hidden = form.hidden = false;
  if (choose()) { draw(); document.getElementById("calls").scrollIntoView(); }
  revealed();
  document.documentElement.dataset.ready = "yes";
}

// Rows come as arrays, which pack smaller.
function expanded({ texts, calls }) {
  return { texts, calls: calls.map(([id, start, callerAddress, callerAlias, calleeAddress, calleeAlias, verdict, outcome,
    how, why, talked, findings, capture, place]) => ({
    id, start, ends: [[callerAddress, callerAlias], [calleeAddress, calleeAlias]], verdict: texts[verdict],
    outcome: texts[outcome], how, why, talked, findings: findings.map(index => texts[index]), capture, place })) };
}

document.getElementById("more")?.addEventListener("click", showMore);
begin();
