//go:build tools

// Package prometheus pins Prometheus, which stands for Azure's managed one, and the tool that checks its rules.
package prometheus

import (
	_ "github.com/prometheus/prometheus/cmd/prometheus"
	_ "github.com/prometheus/prometheus/cmd/promtool"
)
