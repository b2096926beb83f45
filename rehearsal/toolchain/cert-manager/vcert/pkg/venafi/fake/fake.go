// Package fake is imported by cert-manager's own tests, which `go mod tidy` looks at.
package fake
