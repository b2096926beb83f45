// Package tpp has the names that cert-manager's code refers to.
package tpp

import (
	"github.com/Venafi/vcert/v5/pkg/certificate"
	"github.com/Venafi/vcert/v5/pkg/endpoint"
)

type Connector struct{ endpoint.Connector }

func (*Connector) Authenticate(*endpoint.Authentication) error { return nil }

func (*Connector) ResetCertificate(*certificate.Request, bool) error { return nil }

func (*Connector) VerifyAccessToken(*endpoint.Authentication) (string, error) { return "", nil }

func (*Connector) GetRefreshToken(*endpoint.Authentication) (Tokens, error) { return Tokens{}, nil }

type Tokens struct{ Access_token string }

type ErrCertNotFound struct{}

func (*ErrCertNotFound) Error() string { return "no such certificate" }
