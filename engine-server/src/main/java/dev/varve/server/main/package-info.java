// SPDX-License-Identifier: Apache-2.0
/// The commands behind the launcher.
package dev.varve.server.main;
