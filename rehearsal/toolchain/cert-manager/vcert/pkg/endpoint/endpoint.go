// Package endpoint has the names of a connection that cert-manager's code refers to.
package endpoint

import "github.com/Venafi/vcert/v5/pkg/certificate"

type ConnectorType int

const (
	ConnectorTypeCloud ConnectorType = iota + 1
	ConnectorTypeTPP
	ConnectorTypeNGTS
)

type Authentication struct {
	User, Password, APIKey, AccessToken, RefreshToken string
	ClientId, ClientSecret, Scope, TokenURL           string
}

type Connector interface {
	GetType() ConnectorType
	Ping() error
	ReadZoneConfiguration() (*ZoneConfiguration, error)
	RequestCertificate(*certificate.Request) (string, error)
	RetrieveCertificate(*certificate.Request) (*certificate.PEMCollection, error)
}

type ZoneConfiguration struct{}

func (*ZoneConfiguration) UpdateCertificateRequest(*certificate.Request) {}

func (*ZoneConfiguration) ValidateCertificateRequest(*certificate.Request) error { return nil }

type ErrCertificatePending struct{}

func (ErrCertificatePending) Error() string { return "certificate is pending" }

type ErrRetrieveCertificateTimeout struct{}

func (ErrRetrieveCertificateTimeout) Error() string { return "no certificate in time" }
