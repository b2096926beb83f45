// Package vcert has the names of Venafi's client that cert-manager's code refers to, and nothing behind them: the
// rehearsal has no issuer of Venafi's, and not every module proxy has the client. An Issuer that asks for Venafi says
// so in its status.
package vcert

import (
	"errors"
	"net/http"

	"github.com/Venafi/vcert/v5/pkg/endpoint"
)

// Config is what cert-manager makes a client with.
type Config struct {
	ConnectorType                  endpoint.ConnectorType
	BaseUrl, Zone, ConnectionTrust string
	LogVerbose                     bool
	Credentials                    *endpoint.Authentication
	Client                         *http.Client
}

// NewClient always fails.
func NewClient(*Config, ...bool) (endpoint.Connector, error) {
	return nil, errors.New("issuers of Venafi are not built into this program")
}
