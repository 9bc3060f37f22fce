#!/usr/bin/env bash
# On a machine with a graphics card, a Vulkan driver, Node and npm: the conformance battery and the bench of WebGPU in Node, without
# a browser. It prints the card, what passed and failed, and how many times faster than the built-in pooling each case is.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

[ -d node_modules ] || npm install --no-audit --no-fund
REQUIRE_PACKAGES=webgpu node .ci/from_npm.mjs webgpu
timeout 150 npx tsx test/gpu/main.ts
timeout 150 npx tsx test/bench/main.ts --backend webgpu-node --pairs 5 --json out/bench/webgpu_node.json
