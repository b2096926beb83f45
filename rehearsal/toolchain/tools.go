//go:build tools

// Package toolchain pins the programs that the rehearsal builds from source.
package toolchain

import (
	_ "github.com/Azure/kubelogin"
	_ "github.com/kagent-dev/kmcp/cmd"
	_ "github.com/google/go-containerregistry/cmd/crane"
	_ "github.com/google/go-containerregistry/cmd/registry"
	_ "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi"
	_ "github.com/pulumi/pulumi-yaml/cmd/pulumi-language-yaml"
	_ "github.com/rhysd/actionlint/cmd/actionlint"
	_ "github.com/kaito-project/kaito/cmd/ragengine"
	_ "github.com/kaito-project/kaito/cmd/workspace"
	_ "go.etcd.io/etcd/server/v3"
	_ "helm.sh/helm/v3/cmd/helm"
	_ "k8s.io/kubernetes/cmd/kube-apiserver"
	_ "k8s.io/kubernetes/cmd/kube-controller-manager"
	_ "k8s.io/kubernetes/cmd/kube-scheduler"
	_ "k8s.io/kubernetes/cmd/kubectl"
	_ "sigs.k8s.io/gateway-api/apis/v1"
	_ "sigs.k8s.io/kwok/cmd/kwok"
)
