// Package verror has the errors that cert-manager's code refers to.
package verror

import "errors"

var (
	ServerUnavailableError          = errors.New("server unavailable")
	ServerTemporaryUnavailableError = errors.New("server temporarily unavailable")
	AuthError                       = errors.New("auth error")
)
