// SPDX-License-Identifier: Apache-2.0
/// The engine's side of the driver's frames: requests are read, statements run, and their rows
/// leave as Arrow record batches. HTTP streams these frames; the embedded engine hands them over
/// directly.
package dev.varve.server.frames;
