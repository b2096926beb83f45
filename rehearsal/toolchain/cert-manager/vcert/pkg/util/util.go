// Package util has the one constant that cert-manager's code refers to.
package util

const IssuerHintAllIssuers = ""
