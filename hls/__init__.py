"""From scheduled IR to HLS C++, project folders and C-simulation."""
