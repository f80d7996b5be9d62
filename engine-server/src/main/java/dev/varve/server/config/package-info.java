// SPDX-License-Identifier: Apache-2.0
/// What a server is told at its start.
package dev.varve.server.config;
