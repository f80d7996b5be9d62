// SPDX-License-Identifier: Apache-2.0
/// Scenarios of what stands between clients and the engine: HTTP, its formats, and the drivers.
package dev.varve.bench.doors;
