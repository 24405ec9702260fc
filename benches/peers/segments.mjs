// A reply of the API to SubRip with Node's standard library: segments.mjs FILE
import { readFileSync, writeSync } from "node:fs";

const clock = (seconds) => {
  const all = Math.round(Number(seconds) * 1000);
  const pad = (value, width) => String(Math.floor(value)).padStart(width, "0");
  return `${pad(all / 3600000, 2)}:${pad((all / 60000) % 60, 2)}:${pad((all / 1000) % 60, 2)},${pad(all % 1000, 3)}`;
};

const flush = (lines) => {
  let bytes = Buffer.from(lines.join(""));
  while (bytes.length > 0) bytes = bytes.subarray(writeSync(1, bytes));
};

const reply = JSON.parse(readFileSync(process.argv[2], "utf8"));
let lines = [];
reply.data.transcriptions.forEach((segment, at) => {
  const times = `${clock(segment.startTime)} --> ${clock(segment.endTime)}`;
  lines.push(`${at + 1}\n${times}\n${segment.content.trim()}\n\n`);
  if (lines.length === 4096) {
    flush(lines);
    lines = [];
  }
});
flush(lines);
