// SPDX-License-Identifier: Apache-2.0
/// The main job in three minutes: orders that change stream in through the log, and SQL counts them
/// exactly while they do.
package dev.varve.server.demo;
