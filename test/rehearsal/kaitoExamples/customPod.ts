const HTTP_PROBE = {
  failureThreshold: 3,
  httpGet: { path: "/health", port: 5000, scheme: "HTTP" },
  periodSeconds: 10,
  successThreshold: 1,
  timeoutSeconds: 1,
};

/** The pod of custom-model-integration/custom-model-deployment.yaml. */
export const CUSTOM_POD = {
  spec: {
    containers: [
      {
        name: "custom-llm-container",
        image: "mcr.microsoft.com/aks/kaito/kaito-base:0.2.0",
        livenessProbe: { ...HTTP_PROBE, initialDelaySeconds: 600 },
        readinessProbe: { ...HTTP_PROBE, initialDelaySeconds: 30 },
        resources: { requests: { "nvidia.com/gpu": "1" }, limits: { "nvidia.com/gpu": "1" } },
        command: ["accelerate"],
        args: [
          ..."launch --num_processes 1 --num_machines 1 --gpu_ids all tfs/inference_api.py".split(" "),
          ..."--pipeline text-generation --trust_remote_code --allow_remote_files".split(" "),
          ..."--pretrained_model_name_or_path <MODEL_ID> --torch_dtype float16".split(" "),
        ],
        volumeMounts: [{ name: "dshm", mountPath: "/dev/shm" }],
      },
    ],
    volumes: [{ name: "dshm", emptyDir: { medium: "Memory" } }],
  },
};
