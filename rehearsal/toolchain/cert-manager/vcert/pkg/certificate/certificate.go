// Package certificate has the names of a request that cert-manager's code refers to.
package certificate

import (
	"crypto/x509"
	"crypto/x509/pkix"
	"time"
)

type (
	CustomFieldType int
	CSrOriginOption int
	ChainOption     int
)

const (
	CustomFieldPlain CustomFieldType = iota
	CustomFieldOrigin
)

const UserProvidedCSR CSrOriginOption = 1

const ChainOptionRootLast ChainOption = 0

type CustomField struct {
	Type        CustomFieldType
	Name, Value string
}

type Request struct {
	Subject                            pkix.Name
	PickupID, FriendlyName, IssuerHint string
	Timeout                            time.Duration
	ValidityDuration                   *time.Duration
	ChainOption                        ChainOption
	CsrOrigin                          CSrOriginOption
	CustomFields                       []CustomField
}

func NewRequest(*x509.Certificate) *Request { return &Request{} }

func (*Request) SetCSR([]byte) error { return nil }

type PEMCollection struct {
	Certificate string
	Chain       []string
}
