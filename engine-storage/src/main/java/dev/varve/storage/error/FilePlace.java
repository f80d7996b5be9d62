// SPDX-License-Identifier: Apache-2.0
package dev.varve.storage.error;

import java.nio.file.Path;

/// Where in a file an error lies.
///
/// @param offset first byte of what is wrong
public record FilePlace(Path file, long offset) {}
