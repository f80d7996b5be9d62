// SPDX-License-Identifier: Apache-2.0
/// What travels between driver and engine: frames, typed parameters, and Arrow record batches read
/// by our own few classes. The driver sends and reads them; the server uses the same classes for
/// the other side, so that there is one description of each byte.
package dev.varve.jdbc.wire;
