"use strict";
for (const slider of document.querySelectorAll("[data-overlay]")) {
  slider.addEventListener("input", () => slider.closest(".scores").style.setProperty("--overlay", slider.value / 100));
}
for (const figure of document.querySelectorAll("[data-cloud]")) {
  const canvas = figure.querySelector("canvas"), share = figure.querySelector("[data-share]"), shown = figure.querySelector("output");
  const data = JSON.parse(figure.querySelector("script").textContent), context = canvas.getContext("2d");
  const points = data.shares.map((value, i) => {
    const plane = data.rows * data.columns, spread = (at, count) => (at + 0.5) / count * 2 - 1;
    return { value, x: spread(i % data.columns, data.columns), y: spread(Math.floor(i % plane / data.columns), data.rows), z: spread(Math.floor(i / plane), data.depths) };
  });
  const sorted = [...data.shares].sort((a, b) => b - a);
  const ends = data.patient ? [["R", -1.25, 0, 0], ["L", 1.25, 0, 0], ["front", 0, -1.25, 0], ["back", 0, 1.25, 0], ["feet", 0, 0, -1.2], ["head", 0, 0, 1.2]] : [];
  const corners = [-1, 1].flatMap(x => [-1, 1].flatMap(y => [-1, 1].map(z => ({ x, y, z }))));
  let turn = -0.6, tilt = 0.35;
  const project = ({ x, y, z }) => {
    // y runs to the back: seen from the front, the patient's right is on the left
    const across = x * Math.cos(turn) + y * Math.sin(turn), away = y * Math.cos(turn) - x * Math.sin(turn);
    const up = z * Math.cos(tilt) + away * Math.sin(tilt), depth = away * Math.cos(tilt) - z * Math.sin(tilt);
    const scale = 115 * 4 / (4 + depth);
    return { left: canvas.width / 2 + across * scale, top: canvas.height / 2 - up * scale, depth, scale };
  };
  const draw = () => {
    const style = getComputedStyle(canvas);
    context.clearRect(0, 0, canvas.width, canvas.height);
    context.strokeStyle = style.getPropertyValue("border-top-color");
    for (const [i, a] of corners.entries()) {
      for (const b of corners.slice(i + 1)) {
        if ((a.x !== b.x) + (a.y !== b.y) + (a.z !== b.z) === 1) {
          const from = project(a), to = project(b);
          context.beginPath(); context.moveTo(from.left, from.top); context.lineTo(to.left, to.top); context.stroke();
        }
      }
    }
    const least = sorted[Math.max(0, Math.ceil(sorted.length * share.value / 100) - 1)];
    const visible = points.filter(point => point.value >= least).map(point => ({ value: point.value, ...project(point) })).sort((a, b) => b.depth - a.depth);
    for (const point of visible) {
      const [red, green, blue] = data.colors[Math.round(point.value * (data.colors.length - 1))];
      context.fillStyle = `rgba(${red},${green},${blue},0.85)`;
      context.beginPath(); context.arc(point.left, point.top, (0.012 + 0.035 * point.value) * point.scale, 0, 7); context.fill();
      context.strokeStyle = "rgba(60,60,60,0.45)"; context.stroke();
    }
    context.fillStyle = style.color; context.font = "14px sans-serif"; context.textAlign = "center"; context.textBaseline = "middle";
    for (const [name, x, y, z] of ends) { const at = project({ x, y, z }); context.fillText(name, at.left, at.top); }
    shown.textContent = share.value;
    canvas.dataset.drawn = visible.length;
  };
  const rotate = (across, up) => { turn += across; tilt = Math.min(1.57, Math.max(-1.57, tilt + up)); draw(); };
  canvas.addEventListener("pointerdown", event => canvas.setPointerCapture(event.pointerId));
  canvas.addEventListener("pointermove", event => { if (event.buttons) rotate(-event.movementX / 150, event.movementY / 150); });
  canvas.addEventListener("keydown", event => {
    const step = { ArrowLeft: [0.12, 0], ArrowRight: [-0.12, 0], ArrowUp: [0, -0.12], ArrowDown: [0, 0.12] }[event.key];
    if (step) { event.preventDefault(); rotate(...step); }
  });
  share.addEventListener("input", draw);
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", draw);
  draw();
}
